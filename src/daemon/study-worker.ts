import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../tuner/clock.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { concludeSearch, type Study, searchStudy, type World } from '../../tuner/study.ts';
import { studyOf } from '../study-request.ts';
import { resolveTarget } from '../targets/resolve.ts';
import type { Order, StudyTask, Word } from './messages.ts';
import { remoteStore } from './remote-store.ts';

type VisitOrder = Extract<Order, { kind: 'visit' }>;

/** A worker thread: makes slices of visits, one at a time, with the store across the port. */
function serve(port: NonNullable<typeof parentPort>): void {
  const store = remoteStore(port);
  const say = (word: Word): void => port.postMessage(word);
  let slice = new AbortController();

  port.on('message', (order: Order) => {
    if (order.kind === 'yield') slice.abort();
    if (order.kind !== 'visit') return store.answer(order);
    slice = new AbortController();
    const timer = setTimeout(() => slice.abort(), order.sliceMs);
    sliceOf(order, store, slice.signal, say)
      .catch((error: unknown) =>
        say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => clearTimeout(timer));
  });
}

/** Searches until the budget or the slice ends; a visit whose budget is spent is also concluded. */
async function sliceOf(
  { task, toolVersion, environment }: VisitOrder,
  store: ReturnType<typeof remoteStore>,
  signal: AbortSignal,
  say: (word: Word) => void,
): Promise<void> {
  const { study, backend } = await wake(task);
  const listen: World['listen'] = (event) => say({ kind: 'event', event });
  const world = { store, backend, clock: systemClock, signal, listen, toolVersion, environment };
  try {
    const searched = await searchStudy(study, task.budget, world);
    if (searched.stoppedBy !== 'interrupted') await concludeSearch(study, searched, world);
    say({ kind: 'sliced', stoppedBy: searched.stoppedBy });
  } finally {
    await backend.close();
  }
}

async function wake(task: StudyTask): Promise<Readonly<{ study: Study; backend: World['backend'] }>> {
  const target = await resolveTarget(task.target.reference);
  if (target.fingerprint !== task.target.fingerprint) {
    throw new Error(`target ${task.target.reference} has changed since the study began: submit it again`);
  }
  const strategy = strategyNamed(task.strategy);
  const { kernel, kernelSource, seed, values, start } = task;
  const study = studyOf({ kernel, kernelSource, target, strategy, seed, values, start });
  return {
    study: { ...study, id: task.studyId },
    backend: await target.backend(kernel, target.space(kernel)),
  };
}

if (parentPort !== null) serve(parentPort);
