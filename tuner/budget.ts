import type { Budget } from '../store/records.ts';

export type StopReason = 'trials' | 'time' | 'deadline' | 'stalled' | 'exhausted' | 'failing' | 'interrupted';

/** How far a visit is. */
export type Progress = Readonly<{
  /** Settled trials of this visit. */
  settled: number;
  /** Working time of this visit, without the time between an interruption and its resumption. Milliseconds. */
  activeMs: number;
  /** Milliseconds since 1970. */
  now: number;
  /** Settled trials of the study since its best last improved by the stall's gain. */
  sinceGain: number;
  /** What a trial takes, without what precedes the first: the start of programs, the space, the default. Milliseconds; absent before anything tells it. */
  trialMs?: number;
  /** What the final comparison would take, milliseconds; absent where nothing tells it: before the first time, and on a noisy clock. */
  comparisonMs?: number;
}>;

/** The limit that is reached, if any; a budget without limits ends when the space is exhausted. */
export function spent(budget: Budget, progress: Progress): StopReason | undefined {
  if (budget.trials !== undefined && progress.settled >= budget.trials) return 'trials';
  if (budget.forMs !== undefined && progress.activeMs >= budget.forMs) return 'time';
  if (budget.until !== undefined && progress.now >= budget.until) return 'deadline';
  if (budget.stall !== undefined && progress.sinceGain >= budget.stall.trials) return 'stalled';
  return undefined;
}

/** Milliseconds left of the time that was asked for; infinite where none was. */
export function timeAllowed(
  { forMs, until }: Budget,
  { activeMs, now }: Pick<Progress, 'activeMs' | 'now'>,
): number {
  const searching = forMs === undefined ? Number.POSITIVE_INFINITY : forMs - activeMs;
  return until === undefined ? searching : Math.min(searching, until - now);
}

/** The first trials, which fill caches and fit models, say too little of the pace of the others: so many, or a quarter. */
const PACE_TRIALS = { least: 10, most: 150 };

function paceIsKnown(trials: number, settled: number): boolean {
  const { least, most } = PACE_TRIALS;
  return settled >= Math.min(Math.max(least, trials / 4), most, trials / 2);
}

/**
 * Milliseconds left of a visit: until the first limit, and of the final comparison where it is told, which is part of a budget
 * of time but follows other limits. Undefined where no limit can be told in time yet.
 */
export function timeLeft(budget: Budget, progress: Progress): number | undefined {
  const limits: number[] = [];
  const { comparisonMs = 0, settled, trialMs } = progress;
  if (budget.trials !== undefined && trialMs !== undefined && paceIsKnown(budget.trials, settled))
    limits.push((budget.trials - settled) * trialMs + comparisonMs);
  if (budget.forMs !== undefined) limits.push(budget.forMs - progress.activeMs);
  if (budget.until !== undefined) limits.push(budget.until - progress.now + comparisonMs);
  return limits.length === 0 ? undefined : Math.max(0, Math.min(...limits));
}
