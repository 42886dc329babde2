import type { VisitStore } from '../../store/visit-store.ts';
import type { Clock } from '../../tuner/clock.ts';
import { concludeVisit } from '../../tuner/conclusion.ts';
import type { Listener } from '../../tuner/events.ts';
import { searchStudy } from '../../tuner/study.ts';
import type { World } from '../../tuner/world.ts';
import type { SliceEnd, WorkerCommand } from './messages.ts';
import type { ReadyStudy } from './resolved-studies.ts';

export type VisitCommand = Omit<Extract<WorkerCommand, { kind: 'visit' }>, 'kind'>;

/** A slice's dependencies. */
export type SliceWorld = Readonly<{ store: VisitStore; clock: Clock; signal: AbortSignal; listen: Listener }>;

/** A slice lasts at least this many times as long as it took to read the study's trials. */
const WORTH_READING = 4;

/** Searches until the budget or the slice ends. A visit whose budget is spent is concluded as well. */
export async function makeSlice(
  { task, sliceMs, conclude, toolVersion, environment }: VisitCommand,
  { study, backend: openBackend }: ReadyStudy,
  { store, clock, signal, listen }: SliceWorld,
): Promise<SliceEnd> {
  const backend = await openBackend();
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
      // The trials have been read: the slice begins now.
      if (event.kind === 'started')
        timer = setTimeout(stop, Math.max(sliceMs, WORTH_READING * (clock.elapsed() - began)));
      listen(event);
    },
  };
  try {
    const searched = await searchStudy(study, task.budget, world);
    if (searched.stoppedBy === 'interrupted' && !conclude) return 'interrupted';
    await concludeVisit(study, searched, world);
    if (searched.stoppedBy !== 'interrupted') return searched.stoppedBy;
    await store.endVisit(searched.visit.id, { stoppedBy: 'stopped', activeMs: searched.activeMs });
    return 'concluded';
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await backend.close();
  }
}
