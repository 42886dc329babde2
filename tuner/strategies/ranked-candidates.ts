import type { Surrogate } from '../models/surrogate.ts';
import { isFresh, type Turn } from './turn.ts';

/** A candidate with its merit, which is comparable between candidates of one model only. */
export type RankedCandidate = Readonly<{ index: number; digits: Int32Array; merit: number }>;

/** In falling order of merit; at equal merits in the order of the space. */
export function byMerit(a: RankedCandidate, b: RankedCandidate): number {
  return b.merit - a.merit || a.index - b.index;
}

/**
 * Of candidates in falling order of merit the fresh one of the greatest merit, times `shareLeft`, which is what trials
 * without a result that the model has seen leave of it (it was fitted to the first `fittedTo`); undefined when none is left.
 */
export function nextRanked<C extends RankedCandidate>(
  ranked: readonly C[],
  fittedTo: number,
  turn: Turn,
  shareLeft: (digits: Int32Array, unseen: readonly Int32Array[]) => number,
): C | undefined {
  const { history, taken } = turn;
  const unseen = [
    ...history.trials.slice(fittedTo).map(({ digits }) => digits),
    ...Array.from(taken, (index) => history.space.digitsAt(index)),
  ];
  let best: C | undefined;
  let bestMerit = Number.NEGATIVE_INFINITY;
  for (const candidate of ranked) {
    // The share is at most 1.
    if (candidate.merit <= bestMerit) break;
    if (!isFresh(turn, candidate.index)) continue;
    const merit = candidate.merit * shareLeft(candidate.digits, unseen);
    if (merit > bestMerit) [best, bestMerit] = [candidate, merit];
  }
  return best;
}

/** The share of a candidate's spread that will be left once the unseen results are known. */
export function spreadLeft(
  model: Pick<Surrogate, 'correlation'>,
  digits: Int32Array,
  unseen: readonly Int32Array[],
): number {
  let correlation = 0;
  for (const other of unseen) correlation = Math.max(correlation, model.correlation(digits, other));
  return Math.sqrt(Math.max(0, 1 - correlation ** 2));
}
