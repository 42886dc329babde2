import type { Comparison } from '../../store/comparison.ts';
import { median, midmean } from '../measurement/statistics.ts';

const ITERATIONS = 4;

type Logs = readonly (readonly (number | null)[])[];

/** It is asked for by several. */
const known = new WeakMap<Pick<Comparison, 'roundsUs'>, Logs>();

/**
 * Logarithms of times without what made a whole round slow or fast: an additive model of variants and rounds, fitted in
 * turns (Tukey 1977, median polish). So variants can be compared that were not in the same rounds, as long as others
 * were in both.
 */
export function withoutRoundEffects(comparison: Pick<Comparison, 'roundsUs'>): Logs {
  const found = known.get(comparison) ?? fitted(comparison);
  known.set(comparison, found);
  return found;
}

function fitted({ roundsUs }: Pick<Comparison, 'roundsUs'>): Logs {
  const logs = roundsUs.map((round) => round.map((time) => (time === null ? null : Math.log(time))));
  const columns = (roundsUs[0] ?? []).map((_, place) => place);
  let effects = logs.map((row) => middleOf(row));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const levels = columns.map((place) =>
      midmean(logs.flatMap((row, round) => minus(row[place], effects[round]) ?? [])),
    );
    effects = logs.map((row) => middleOf(row.map((log, place) => minus(log, levels[place]))));
  }
  return logs.map((row, round) => row.map((log) => minus(log, effects[round])));
}

function middleOf(row: readonly (number | null)[]): number {
  return median(row.flatMap((log) => log ?? []));
}

function minus(log: number | null, effect: number): number | null {
  return log === null ? null : log - effect;
}
