import type { FindingStore } from '../../store/finding-store.ts';
import type { VerificationStore } from '../../store/verification-store.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import type { Clock } from '../../tuner/clock.ts';
import { concludeVisit } from '../../tuner/conclusion.ts';
import type { Listener } from '../../tuner/events.ts';
import { searchStudy } from '../../tuner/study.ts';
import type { World } from '../../tuner/world.ts';
import { isSame, verifyResolved } from '../ask/verify-resolved.ts';
import type { SliceEnd, WorkerCommand } from './messages.ts';
import type { ReadyStudy } from './resolved-studies.ts';

export type VisitCommand = Omit<Extract<WorkerCommand, { kind: 'visit' }>, 'kind'>;

/** A slice's dependencies. */
export type SliceWorld = Readonly<{ store: SliceStore; clock: Clock; signal: AbortSignal; listen: Listener }>;

type SliceStore = VisitStore & VerificationStore & Pick<FindingStore, 'findings'>;

/** A slice lasts at least this many times as long as it took to read the study's trials. */
const WORTH_READING = 4;
/** Of a slice of a verification, which starts processes for its pairs. */
const LEAST_MS = 2000;

/** A slice of a visit, or of the verification of what it found. */
export function makeSlice(command: VisitCommand, ready: ReadyStudy, world: SliceWorld): Promise<SliceEnd> {
  return command.task.verifying === undefined
    ? visitSlice(command, ready, world)
    : verifySlice(command, ready, world);
}

/** Verifies what a study found until it is known whether it is faster, or the time or the slice ends. */
async function verifySlice(
  { task, sliceMs, conclude }: VisitCommand,
  { study, backend }: ReadyStudy,
  { store, clock, signal, listen }: SliceWorld,
): Promise<SliceEnd> {
  const { verifying, studyId } = task;
  const found = (await store.findings(studyId))?.recommended ?? null;
  if (conclude || verifying === undefined || found === null || isSame(found.configuration, study.default))
    return 'verified';
  const { by, forMs } = verifying.question;
  const leftMs = forMs - verifying.spentMs;
  const began = clock.elapsed();
  const asked = { winner: found.configuration, against: study.default, by };
  const surroundings = {
    clock,
    signal,
    forMs: Math.min(leftMs, Math.max(sliceMs, LEAST_MS)),
    listen: () => {},
  };
  const seen = await verifyResolved({ id: studyId, study, backend }, asked, store, surroundings);
  const { verdict, pairs } = seen;
  const spentMs = clock.elapsed() - began;
  listen({ kind: 'verifying', studyId, by, pairs: pairs.length, spentMs, verdict });
  const isOpen = verdict === 'unknown' && seen.kind === 'sampled' && spentMs < leftMs;
  return isOpen && (signal.aborted || spentMs >= surroundings.forMs) ? 'interrupted' : 'verified';
}

/** Searches until the budget or the slice ends. A visit whose budget is spent is concluded as well. */
async function visitSlice(
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
      // A comparison that is cut short is not taken up again.
      if (event.kind === 'comparing') clearTimeout(timer);
      listen(event);
    },
  };
  try {
    const searched = await searchStudy(study, task.budget, world);
    if (searched.stoppedBy === 'interrupted' && !conclude) return 'interrupted';
    const { stoppedBy } = await concludeVisit(study, searched, world);
    if (searched.stoppedBy !== 'interrupted') return stoppedBy;
    await store.endVisit(searched.visit.id, { stoppedBy: 'stopped', activeMs: searched.activeMs });
    return 'concluded';
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await backend.close();
  }
}
