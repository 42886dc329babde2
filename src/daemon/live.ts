import type { Budget } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import { isKnown, type TimeFigure, unknown } from '../../tuner/attribution/gain.ts';
import { timeLeft } from '../../tuner/budget.ts';
import type { Clock } from '../../tuner/clock.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { DaemonEvent } from './event-hub.ts';

/** Progress of a study that is being visited. */
export type LiveStudy = Readonly<{
  /** Settled trials of the visit. */
  trials: number;
  /** Trials that the budget allows; null without such a limit. */
  of: number | null;
  /** Files left to compile; null while nothing is compiled. */
  files: number | null;
  leftMs: number | null;
  fastestUs: TimeFigure;
  /** Of the final comparison; null while the visit searches. */
  rounds: number | null;
  /** What hinders it at the moment: a full disk, a thread that died. */
  trouble: string | null;
}>;

const NOTHING_YET = unknown('not tried', 'no trial has a time yet');

/** Progress of the study's interrupted visit, zero trials if it has none; and the study's fastest time, infinite if it has none. */
export async function visitSoFar(
  store: StudyStore & VisitStore,
  studyId: string,
): Promise<Pick<LiveStudy, 'trials' | 'of'> & Readonly<{ fastestUs: number }>> {
  const [fastest] = await store.fastest(studyId, 1);
  const fastestUs = fastest?.state === 'timed' ? fastest.timeUs : Number.POSITIVE_INFINITY;
  const visit = await store.interruptedVisit(studyId);
  if (visit === undefined) return { trials: 0, of: null, fastestUs };
  const { settled } = await store.counts(studyId);
  return { trials: settled - visit.trialsAtStart, of: visit.budget.trials ?? null, fastestUs };
}

type Seen = { budget: Budget; view: LiveStudy; toldAt: number; isHeld: boolean };

/** Least time between two progress events of a study, milliseconds. */
const TELL_EVERY = 500;

/** Follows the current visits, and sends their progress and improvements to listeners outside. */
export class Live {
  readonly #clock: Clock;
  readonly #tell: (event: DaemonEvent) => void;
  readonly #studies = new Map<string, Seen>();
  /** Those that share the machine. */
  readonly #atWork = new Set<string>();

  constructor(clock: Clock, tell: (event: DaemonEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  of(studyId: string): LiveStudy | undefined {
    const seen = this.#studies.get(studyId);
    return seen && this.#shown(studyId, seen);
  }

  /** What is left of a study is its own work: the clock runs for others too where several share the machine, and for none that is held. */
  #shown(studyId: string, { view, isHeld }: Seen): LiveStudy {
    const isShared = this.#atWork.size > 1 && this.#atWork.has(studyId);
    return isHeld || isShared ? { ...view, leftMs: null } : view;
  }

  /** A study's visit begins or continues. `fastestUs` is infinite before the first time. */
  begin(studyId: string, visit: Pick<LiveStudy, 'trials' | 'of'>, fastestUs: number): void {
    const seen = this.#seen(studyId);
    this.#atWork.add(studyId);
    const known = Number.isFinite(fastestUs) ? fastestUs : NOTHING_YET;
    seen.view = { ...seen.view, ...visit, files: null, rounds: null, fastestUs: known };
  }

  /** It gets no more time until `release`. */
  hold(studyId: string): void {
    this.#seen(studyId).isHeld = true;
    this.#atWork.delete(studyId);
  }

  release(studyId: string): void {
    this.#seen(studyId).isHeld = false;
    this.#atWork.add(studyId);
  }

  /** Sets what hinders a study, until its next trial is settled. */
  hinder(studyId: string, trouble: string): void {
    const seen = this.#seen(studyId);
    seen.view = { ...seen.view, trouble };
  }

  forget(studyId: string): void {
    this.#studies.delete(studyId);
    this.#atWork.delete(studyId);
  }

  observe(event: StudyEvent): void {
    const seen = this.#seen(event.studyId);
    switch (event.kind) {
      case 'started':
        seen.budget = event.budget;
        seen.view = { ...seen.view, of: event.budget.trials ?? null };
        return;
      case 'improved':
        if (event.trial.state === 'timed') this.#improved(seen, event.studyId, event.trial);
        return;
      case 'settled': {
        const leftMs = timeLeft(seen.budget, event.progress) ?? null;
        const { settled } = event.progress;
        this.#moved(seen, event.studyId, {
          trials: settled,
          leftMs,
          files: null,
          rounds: null,
          trouble: null,
        });
        return;
      }
      case 'building':
        if (event.files !== undefined) this.#moved(seen, event.studyId, { files: event.files || null });
        return;
      case 'comparing':
        // What is left follows from its rounds, where time was asked for.
        this.#moved(seen, event.studyId, { rounds: 0, files: null, leftMs: null });
        return;
      case 'round':
        this.#moved(seen, event.studyId, { rounds: event.rounds, leftMs: event.leftMs ?? null });
        return;
    }
  }

  #moved(seen: Seen, study: string, changed: Partial<LiveStudy>): void {
    seen.view = { ...seen.view, ...changed };
    const now = this.#clock.elapsed();
    if (now - seen.toldAt < TELL_EVERY) return;
    seen.toldAt = now;
    this.#tell({ kind: 'progress', study, ...this.#shown(study, seen) });
  }

  #improved(
    seen: Seen,
    study: string,
    {
      number,
      timeUs,
      configuration,
    }: Extract<StudyEvent, { kind: 'improved' }>['trial'] & { state: 'timed' },
  ): void {
    if (isKnown(seen.view.fastestUs) && timeUs >= seen.view.fastestUs) return;
    seen.view = { ...seen.view, fastestUs: timeUs };
    this.#tell({ kind: 'improved', study, trial: number, timeUs, configuration });
  }

  #seen(studyId: string): Seen {
    const known = this.#studies.get(studyId);
    if (known !== undefined) return known;
    const view = {
      trials: 0,
      of: null,
      files: null,
      leftMs: null,
      fastestUs: NOTHING_YET,
      rounds: null,
      trouble: null,
    };
    const fresh: Seen = { budget: {}, view, toldAt: Number.NEGATIVE_INFINITY, isHeld: false };
    this.#studies.set(studyId, fresh);
    return fresh;
  }
}
