import type { VisitStore } from '../../store/visit-store.ts';
import type { Backend } from '../../tuner/backend.ts';
import type { Clock } from '../../tuner/clock.ts';
import type { Listener } from '../../tuner/events.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { concludeSearch, type Study, searchStudy, type World } from '../../tuner/study.ts';
import { beliefsOf, studyOf } from '../ask/study-request.ts';
import { resolveTarget } from '../targets/resolve.ts';
import type { Order, SliceEnd, SliceStore, StudyTask } from './messages.ts';

export type VisitOrder = Omit<Extract<Order, { kind: 'visit' }>, 'kind'>;

/** What a slice touches outside itself. */
export type SliceWorld = Readonly<{ store: VisitStore; clock: Clock; signal: AbortSignal; listen: Listener }>;

/** A slice lasts at least so many times as long as reading the study's log did. */
const WORTH_READING = 4;

/** Searches until the budget or the slice ends; a visit whose budget is spent is also concluded. */
export async function makeSlice(
  order: VisitOrder,
  wake: (task: StudyTask) => Promise<Study>,
  { store, clock, signal, listen }: SliceWorld,
): Promise<SliceEnd> {
  const { task, sliceMs, conclude, toolVersion, environment } = order;
  const study = await wake(task);
  const backend = await backendOf(task);
  const end = new AbortController();
  if (conclude) end.abort();
  const began = clock.elapsed();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => end.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const world: World = {
    store,
    backend,
    clock,
    signal: end.signal,
    toolVersion,
    environment,
    listen: (event) => {
      // The log has been read: now the slice begins.
      if (event.kind === 'started')
        timer = setTimeout(stop, Math.max(sliceMs, WORTH_READING * (clock.elapsed() - began)));
      listen(event);
    },
  };
  try {
    const searched = await searchStudy(study, task.budget, world);
    if (searched.stoppedBy === 'interrupted' && !conclude) return 'interrupted';
    await concludeSearch(study, searched, world);
    if (searched.stoppedBy !== 'interrupted') return searched.stoppedBy;
    await store.endVisit(searched.visit.id, { stoppedBy: 'stopped', activeMs: searched.activeMs });
    return 'concluded';
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await backend.close();
  }
}

/** Makes studies of tasks, and keeps the latest: slices of one study follow each other. */
export function wakeStudies(frozenPrior: SliceStore['frozenPrior']): (task: StudyTask) => Promise<Study> {
  const awake = new Map<string, Study>();
  return async (task) => {
    const study = awake.get(task.studyId) ?? (await wake(task, frozenPrior));
    awake.delete(task.studyId);
    awake.set(task.studyId, study);
    const [oldest] = awake.keys();
    if (awake.size > AWAKE) awake.delete(oldest);
    return study;
  };
}

/** Studies that a thread keeps. */
const AWAKE = 8;

async function wake(task: StudyTask, frozenPrior: SliceStore['frozenPrior']): Promise<Study> {
  const target = await resolveTarget(task.target.reference);
  if (target.fingerprint !== task.target.fingerprint) {
    throw new Error(`target ${task.target.reference} has changed since the study began: submit it again`);
  }
  const strategy = strategyNamed(task.strategy);
  const { kernel, kernelSource, seed, values, start } = task;
  const study = studyOf({ kernel, kernelSource, target, strategy, seed, values, start });
  if (study.space.hash !== task.spaceHash) {
    throw new Error(`the space of ${kernel.name} has changed since the study began: submit it again`);
  }
  const frozen = await frozenPrior(task.studyId);
  return { ...study, id: task.studyId, ...beliefsOf(study.space, frozen) };
}

async function backendOf({ target: { reference }, kernel }: StudyTask): Promise<Backend> {
  const target = await resolveTarget(reference);
  return target.backend(kernel, target.space(kernel));
}
