import { randomFor } from '../../search-space/random.ts';
import type { Comparison } from '../../store/comparison.ts';
import { bootstrap, median } from '../measurement/statistics.ts';

/**
 * A ratio of times (or a share) with an interval.
 * From a simulator the interval is the range over its accepted parameter sets, and low and high are
 * null where the target has no calibration; from a real machine it is a 95 % bootstrap interval.
 */
export type Gain = Readonly<{ value: number; low: number | null; high: number | null }>;

/** The time of a variant of a comparison, up to one factor common to all. Null where it has no clean sample. */
export type TimeOf = (variant: number) => number | null;

/**
 * Evaluates a statistic of the variants' times on a comparison, with its interval.
 * Null where the statistic is null (nothing to compare) on the whole comparison.
 */
export function estimate(comparison: Comparison, statistic: (timeOf: TimeOf) => number | null): Gain | null {
  const value = statistic(timeOf(comparison));
  if (value === null || !Number.isFinite(value)) return null;
  const { low, high } =
    comparison.kind === 'ensemble' ? range(comparison, statistic) : sampled(comparison, statistic);
  if (low === null || high === null || Number.isNaN(low)) return { value, low: null, high: null };
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

/** The ratio of two variants' times, with its interval: a gain of `after` over `before`. */
export function ratio(comparison: Comparison, before: number, after: number): Gain | null {
  return estimate(comparison, (time) => quotient(time(before), time(after)));
}

export function quotient(above: number | null, below: number | null): number | null {
  return above === null || below === null ? null : above / below;
}

/** Nominal times of an ensemble; of samples, the median over rounds of each variant against the first. */
export function timeOf({ kind, roundsUs }: Comparison): TimeOf {
  if (kind === 'ensemble') return (variant) => roundsUs[0][variant];
  const all = roundsUs.map((_, round) => round);
  return relativeTime(roundsUs, all);
}

function range(comparison: Comparison, statistic: (timeOf: TimeOf) => number | null) {
  if (comparison.roundsUs.length < 2) return { low: null, high: null };
  const values = comparison.roundsUs
    .map((round) => statistic((variant) => round[variant]) ?? Number.NaN)
    .filter((value) => Number.isFinite(value));
  return values.length === 0
    ? { low: null, high: null }
    : { low: Math.min(...values), high: Math.max(...values) };
}

function sampled(comparison: Comparison, statistic: (timeOf: TimeOf) => number | null) {
  if (comparison.roundsUs.length < 2) return { low: null, high: null };
  const onRounds = (rounds: readonly number[]): number =>
    statistic(relativeTime(comparison.roundsUs, rounds)) ?? Number.NaN;
  return bootstrap(comparison.roundsUs.length, onRounds, randomFor('bootstrap', comparison.roundsUs.length));
}

/** Ratios within a round cancel what the whole machine did in it (frequency, neighbours). */
function relativeTime(roundsUs: Comparison['roundsUs'], rounds: readonly number[]): TimeOf {
  return (variant) => {
    const ratios: number[] = [];
    for (const round of rounds) {
      const baseline = roundsUs[round][0];
      const time = roundsUs[round][variant];
      if (baseline !== null && time !== null) ratios.push(time / baseline);
    }
    return ratios.length === 0 ? null : median(ratios);
  };
}
