import type { VisitRecord } from '../store/records.ts';
import type { SettledTrial } from '../store/trial.ts';
import type { Subspace } from './attribution/subspaces.ts';
import { type Backend, isInProcesses } from './backend.ts';
import { type Progress, type StopReason, spent, timeAllowed } from './budget.ts';
import { cutOff } from './cut-off.ts';
import { Incumbent } from './incumbent.ts';
import { FIRST_HEAT, shortestMs, wholeMs, wholeRoundsMs } from './measurement/comparison-plan.ts';
import { TimeAllowance } from './measurement/time-allowance.ts';
import type { Objective } from './objectives/objective.ts';
import type { World } from './world.ts';

/** At most this share of the time that was asked for is kept for the final comparison … */
const MOST_RESERVED = 1 / 3;
/** … which takes about so many rounds on a noisy clock, of the default and about so many more: at least, or of each subspace. */
const ROUNDS = 25;
const FINALISTS = 8;
const FROM_SUBSPACE = 3;
/** Kept for the machine's limits. Milliseconds. */
const LIMITS_MS = 500;

type Surroundings = Pick<World, 'clock' | 'signal' | 'beganMs'> &
  Readonly<{ backend: Pick<Backend, 'timing'> }>;

/** How far a visit is, and what it may still take. The final comparison is part of the time that was asked for. */
export class VisitPace {
  readonly visit: VisitRecord;
  readonly #log: readonly SettledTrial[];
  readonly #world: Surroundings;
  readonly #contenders: number;
  readonly #began: number;
  readonly #isTakenUp: boolean;
  /** How long the log was, and when on the clock's `elapsed`, once the first trials were settled. */
  #first: Readonly<{ length: number; atMs: number }> | undefined;
  readonly incumbent: Incumbent;
  readonly allowance: TimeAllowance;
  /** Aborts at an interruption, and when a slow run goes on beyond the search's time. */
  readonly cutOff: AbortSignal;
  /** Releases the timer behind `cutOff`. */
  readonly close: () => void;

  /** The log grows while the visit goes on. */
  constructor(
    visit: VisitRecord,
    log: readonly SettledTrial[],
    subspaces: readonly Pick<Subspace, 'name'>[],
    world: Surroundings,
    objective?: Objective,
  ) {
    this.visit = visit;
    this.#log = log;
    this.#world = world;
    this.#contenders = 1 + Math.max(FINALISTS, FROM_SUBSPACE * subspaces.length);
    this.#began = world.beganMs ?? world.clock.elapsed();
    this.#isTakenUp = log.length > visit.trialsAtStart;
    this.incumbent = new Incumbent(visit.budget.stall?.gain ?? 0, objective);
    for (const trial of log) this.incumbent.observe(trial);
    const searchMs = (): number => this.#searchMs();
    this.allowance = new TimeAllowance(world.clock, searchMs, visit.budget.forMs ?? Number.POSITIVE_INFINITY);
    const { signal, close } = cutOff(world.signal, searchMs);
    this.cutOff = signal;
    this.close = close;
  }

  get progress(): Progress {
    const { clock } = this.#world;
    const settled = this.#log.length - this.visit.trialsAtStart;
    const activeMs = this.visit.activeMs + clock.elapsed() - this.#began;
    const trialMs = this.#trialMs(settled, activeMs);
    // Without a budget of time a noisy one goes on until it can tell near ties apart: nobody knows how many rounds that takes.
    const comparisonMs = this.#world.backend.timing.kind === 'exact' ? this.#comparisonMs() : undefined;
    return {
      settled,
      activeMs,
      now: clock.now(),
      sinceGain: this.incumbent.sinceGain,
      ...(trialMs !== undefined && { trialMs }),
      ...(comparisonMs !== undefined && { comparisonMs }),
    };
  }

  /** To be called when trials were added to the log. */
  settled(): void {
    this.#first ??= { length: this.#log.length, atMs: this.#world.clock.elapsed() };
  }

  /** Milliseconds left of the time that was asked for; infinite where none was. */
  leftMs(): number {
    const { forMs } = this.visit.budget;
    return forMs === undefined ? Number.POSITIVE_INFINITY : forMs - this.progress.activeMs;
  }

  /** Why the visit ends now; undefined where it goes on. `hasTime`: for another trial. */
  stopReason(hasTime: boolean): StopReason | undefined {
    if (this.#world.signal.aborted) return 'interrupted';
    const reached = spent(this.visit.budget, this.progress);
    if (reached !== undefined) return reached;
    if (hasTime && !this.cutOff.aborted && this.#searchMs() > 0) return undefined;
    return this.visit.budget.forMs === undefined ? 'deadline' : 'time';
  }

  /** Where a visit was taken up again, what precedes its trials is a part of its pace: it happens with each slice. */
  #trialMs(settled: number, activeMs: number): number | undefined {
    if (this.#isTakenUp) return settled === 0 ? undefined : activeMs / settled;
    if (this.#first === undefined || this.#log.length <= this.#first.length) return undefined;
    const { length, atMs } = this.#first;
    return (this.#world.clock.elapsed() - atMs) / (this.#log.length - length);
  }

  /** Milliseconds left for the search. */
  #searchMs(): number {
    return Math.min(timeAllowed(this.visit.budget, this.progress), this.leftMs() - this.#reservedMs());
  }

  /** What a whole final comparison takes; undefined where nothing tells it, or there is nothing to compare. */
  #comparisonMs(): number | undefined {
    const { timing } = this.#world.backend;
    const takes = this.allowance.comparisonTakes(isInProcesses(timing));
    if (takes === undefined || !this.incumbent.isKnown) return undefined;
    const rounds = timing.kind === 'exact' ? timing.rounds : ROUNDS;
    const limitsMs = isInProcesses(timing) ? LIMITS_MS : 0;
    return limitsMs + wholeMs(this.#contenders, rounds, takes);
  }

  /** Kept for the final comparison: nothing where it would not be enough for a run of each of two, or has nothing to compare. */
  #reservedMs(): number {
    const { timing } = this.#world.backend;
    const takes = this.allowance.comparisonTakes(isInProcesses(timing));
    const { forMs } = this.visit.budget;
    const neededMs = this.#comparisonMs();
    if (forMs === undefined || takes === undefined || neededMs === undefined) return 0;
    const mostMs = forMs * MOST_RESERVED;
    if (mostMs < shortestMs(takes)) return 0;
    if (neededMs > mostMs) return wholeRoundsMs(mostMs, this.#contenders, takes);
    // The rest is for what is simpler than the choice.
    return Math.min(neededMs / FIRST_HEAT, mostMs);
  }
}
