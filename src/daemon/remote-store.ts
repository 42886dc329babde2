import type { MessagePort } from 'node:worker_threads';
import type { SettledTrial } from '../../store/trial.ts';
import { type Order, PAGE, type SliceStore, type StoreCall, type Word } from './messages.ts';

type Waiting = Readonly<{ resolve(value: unknown): void; reject(error: Error): void }>;

/**
 * The store as a worker sees it: every call crosses to the thread that owns SQLite. Arguments and
 * answers are the store's own frozen data, so nothing is parsed again on the way.
 */
export function remoteStore(port: MessagePort): SliceStore & Readonly<{ answer(order: Order): void }> {
  const waiting = new Map<number, Waiting>();
  let calls = 0;

  // The answer to a call is what the method answers: the other side calls that very method.
  const ask = <T>(asked: StoreCall): Promise<T> =>
    new Promise((resolve, reject) => {
      const call = calls++;
      waiting.set(call, { resolve: (value) => resolve(value as T), reject });
      port.postMessage({ kind: 'call', call, ...asked } satisfies Word);
    });

  async function* trials(studyId: string, from = 0): AsyncGenerator<SettledTrial> {
    for (let next = from; ; next += PAGE) {
      const page = await ask<readonly SettledTrial[]>({ method: 'trialsPage', arguments: [studyId, next] });
      yield* page;
      if (page.length < PAGE) return;
    }
  }

  return {
    trials,
    abandonRunning: (which) => ask({ method: 'abandonRunning', arguments: [which] }),
    interruptedVisit: (studyId) => ask({ method: 'interruptedVisit', arguments: [studyId] }),
    startVisit: (visit) => ask({ method: 'startVisit', arguments: [visit] }),
    endVisit: (visitId, end) => ask({ method: 'endVisit', arguments: [visitId, end] }),
    markRunning: (studyId, proposals) => ask({ method: 'markRunning', arguments: [studyId, proposals] }),
    settle: (batch) => ask({ method: 'settle', arguments: [batch] }),
    saveComparison: (studyId, comparison) =>
      ask({ method: 'saveComparison', arguments: [studyId, comparison] }),
    frozenPrior: (studyId) => ask({ method: 'frozenPrior', arguments: [studyId] }),
    saveFindings: (findings) => ask({ method: 'saveFindings', arguments: [findings] }),
    answer(order) {
      if (order.kind !== 'answer' && order.kind !== 'refusal') return;
      const caller = waiting.get(order.call);
      waiting.delete(order.call);
      if (order.kind === 'answer') caller?.resolve(order.value);
      else caller?.reject(new Error(order.message));
    },
  };
}
