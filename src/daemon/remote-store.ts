import type { MessagePort } from 'node:worker_threads';
import type { SettledTrial } from '../../store/trial.ts';
import {
  PAGE,
  type StoreCall,
  type WorkerCommand,
  type WorkerMessage,
  type WorkerStore,
} from './messages.ts';

type Waiting = Readonly<{ resolve(value: unknown): void; reject(error: Error): void }>;

/**
 * The store for a worker: sends every call to the thread that owns SQLite. Arguments and answers are
 * the store's own plain data, so they are not parsed again.
 */
export function remoteStore(
  port: MessagePort,
): WorkerStore & Readonly<{ settleCall(command: WorkerCommand): void }> {
  const waiting = new Map<number, Waiting>();
  let calls = 0;

  // The cast is safe: the other side calls this very method and sends what it returns.
  const ask = <T>(asked: StoreCall): Promise<T> =>
    new Promise((resolve, reject) => {
      const call = calls++;
      waiting.set(call, { resolve: (value) => resolve(value as T), reject });
      port.postMessage({ kind: 'call', call, ...asked } satisfies WorkerMessage);
    });

  async function* trials(studyId: string, from = 0): AsyncGenerator<SettledTrial> {
    const pageAt = (next: number): Promise<readonly SettledTrial[]> =>
      ask({ method: 'trialsPage', arguments: [studyId, next] });
    let coming = pageAt(from);
    for (let next = from + PAGE; ; next += PAGE) {
      const page = await coming;
      if (page.length < PAGE) return yield* page;
      // The next is read while this one is folded.
      coming = pageAt(next);
      // It is awaited in the next turn; a reader that stops before that does not care.
      coming.catch(() => {});
      yield* page;
    }
  }

  return {
    trials,
    saveKernel: (kernel) => ask({ method: 'saveKernel', arguments: [kernel] }),
    saveTarget: (target) => ask({ method: 'saveTarget', arguments: [target] }),
    openStudy: (study) => ask({ method: 'openStudy', arguments: [study] }),
    study: (id) => ask({ method: 'study', arguments: [id] }),
    timed: (studyId, configuration) => ask({ method: 'timed', arguments: [studyId, configuration] }),
    targets: (filter) => ask({ method: 'targets', arguments: [filter] }),
    kernels: (filter) => ask({ method: 'kernels', arguments: [filter] }),
    best: (query) => ask({ method: 'best', arguments: [query] }),
    bests: (filter) => ask({ method: 'bests', arguments: [filter] }),
    findings: (studyId) => ask({ method: 'findings', arguments: [studyId] }),
    comparison: (id) => ask({ method: 'comparison', arguments: [id] }),
    verifications: (studyId) => ask({ method: 'verifications', arguments: [studyId] }),
    saveVerification: (verification) => ask({ method: 'saveVerification', arguments: [verification] }),
    latestModel: (kind) => ask({ method: 'latestModel', arguments: [kind] }),
    importedKernels: () => ask({ method: 'importedKernels', arguments: [] }),
    frozenPrior: (studyId) => ask({ method: 'frozenPrior', arguments: [studyId] }),
    abandonRunning: (which) => ask({ method: 'abandonRunning', arguments: [which] }),
    interruptedVisit: (studyId) => ask({ method: 'interruptedVisit', arguments: [studyId] }),
    startVisit: (visit) => ask({ method: 'startVisit', arguments: [visit] }),
    endVisit: (visitId, end) => ask({ method: 'endVisit', arguments: [visitId, end] }),
    markRunning: (studyId, proposals) => ask({ method: 'markRunning', arguments: [studyId, proposals] }),
    settle: (batch) => ask({ method: 'settle', arguments: [batch] }),
    conclude: (conclusion) => ask({ method: 'conclude', arguments: [conclusion] }),
    settleCall(command) {
      if (command.kind !== 'returned' && command.kind !== 'thrown') return;
      const caller = waiting.get(command.call);
      waiting.delete(command.call);
      if (command.kind === 'returned') caller?.resolve(command.value);
      else caller?.reject(new Error(command.message));
    },
  };
}
