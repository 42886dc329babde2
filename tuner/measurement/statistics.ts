import type { Random } from '../../search-space/random.ts';
import { integerBelow } from '../../search-space/random.ts';

/** The value below which a fraction `q` of the numbers lies, interpolated (type 7 of Hyndman & Fan 1996). */
export function quantile(numbers: readonly number[], q: number): number {
  if (numbers.length === 0) return Number.NaN;
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/**
 * Percentile bootstrap (Efron 1979): the central 95 % of a statistic over resampled rounds.
 * `statistic` is given the indices of the rounds drawn, `length` of them with replacement.
 */
export function bootstrap(
  length: number,
  statistic: (rounds: readonly number[]) => number,
  random: Random,
  draws = 400,
): Readonly<{ low: number; high: number }> {
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const rounds = Array.from({ length }, () => integerBelow(random, length));
    const value = statistic(rounds);
    if (Number.isFinite(value)) values.push(value);
  }
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}
