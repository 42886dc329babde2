import type { MessagePort } from 'node:worker_threads';
import type { SettledTrial } from '../../store/trial.ts';
import type { VisitStore } from '../../tuner/study.ts';
import { type Order, PAGE, type StoreMethod, type Word } from './messages.ts';

type Waiting = Readonly<{ resolve(value: unknown): void; reject(error: Error): void }>;

/**
 * The store as a worker sees it: every call crosses to the thread that owns SQLite. Arguments and
 * answers are the store's own frozen data, so nothing is parsed again on the way.
 */
export function remoteStore(port: MessagePort): VisitStore & Readonly<{ answer(order: Order): void }> {
  const waiting = new Map<number, Waiting>();
  let calls = 0;

  const call = <T>(method: StoreMethod, ...given: readonly unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      const number = calls++;
      waiting.set(number, { resolve: (value) => resolve(value as T), reject });
      port.postMessage({ kind: 'call', call: number, method, arguments: given } satisfies Word);
    });

  async function* trials(studyId: string, from = 0): AsyncGenerator<SettledTrial> {
    for (let next = from; ; next += PAGE) {
      const page = await call<readonly SettledTrial[]>('trialsPage', studyId, next);
      yield* page;
      if (page.length < PAGE) return;
    }
  }

  return {
    trials,
    abandonRunning: (which) => call('abandonRunning', which),
    interruptedVisit: (studyId) => call('interruptedVisit', studyId),
    startVisit: (visit) => call('startVisit', visit),
    endVisit: (visitId, end) => call('endVisit', visitId, end),
    markRunning: (studyId, proposals) => call('markRunning', studyId, proposals),
    settle: (batch) => call('settle', batch),
    saveComparison: (studyId, comparison) => call('saveComparison', studyId, comparison),
    saveFindings: (findings) => call('saveFindings', findings),
    answer(order) {
      if (order.kind !== 'answer' && order.kind !== 'refusal') return;
      const caller = waiting.get(order.call);
      waiting.delete(order.call);
      if (order.kind === 'answer') caller?.resolve(order.value);
      else caller?.reject(new Error(order.message));
    },
  };
}
