import type { Random } from '../../search-space/random.ts';
import { integerBelow } from '../../search-space/random.ts';

/** The value below which a fraction `q` of the numbers lies, interpolated (type 7 of Hyndman & Fan 1996). */
export function quantile(numbers: readonly number[], q: number): number {
  const { length } = numbers;
  if (length === 0) return Number.NaN;
  const partly = new Float64Array(numbers);
  const place = (length - 1) * q;
  const below = Math.floor(place);
  putInPlace(partly, below);
  let next = below + 1 < length ? partly[below + 1] : partly[below];
  for (let i = below + 2; i < length; i++) next = Math.min(next, partly[i]);
  return between(partly[below], next, place - below);
}

/** The same of numbers that are in order. */
export function quantileOf(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return between(sorted[below], sorted[above], place - below);
}

function between(below: number, above: number, share: number): number {
  return below + (above - below) * share;
}

/** Has the number that would be at a place if all were sorted there, none before it greater, none after it less (Hoare 1961). */
function putInPlace(numbers: Float64Array, place: number): void {
  let [first, last] = [0, numbers.length - 1];
  while (first < last) {
    const pivot = numbers[place];
    let [i, j] = [first, last];
    while (i <= j) {
      while (numbers[i] < pivot) i++;
      while (pivot < numbers[j]) j--;
      if (i > j) break;
      const swapped = numbers[i];
      numbers[i++] = numbers[j];
      numbers[j--] = swapped;
    }
    if (j < place) first = i;
    if (place < i) last = j;
  }
}

export function sortedOf(numbers: readonly number[]): Float64Array {
  return new Float64Array(numbers).sort();
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** The mean of the middle half: nearly as good as the mean, and no outlier counts. */
export function midmean(numbers: readonly number[]): number {
  const sorted = sortedOf(numbers);
  const cut = Math.floor(sorted.length / 4);
  const end = sorted.length - cut;
  let sum = 0;
  for (let place = cut; place < end; place++) sum += sorted[place];
  return sum / (end - cut);
}

/** The median absolute deviation of normal numbers, in their standard deviations. */
const NORMAL_MAD = 0.6745;

/** The standard deviation within groups of numbers, by their distances from the median of their own group. */
export function scatterOf(groups: readonly (readonly number[])[]): number {
  const distances = groups.flatMap((group) => {
    const middle = median(group);
    return group.length < 2 ? [] : group.map((number) => Math.abs(number - middle));
  });
  return distances.length === 0 ? 0 : median(distances) / NORMAL_MAD;
}

/**
 * Fewer samples give no interval: the range of n samples contains the median with probability 1 − 2^(1 − n),
 * which for 5 is 94 %; and resampling one or two shows hardly any spread.
 */
export const FEWEST_SAMPLES = 5;

type Interval = Readonly<{ low: number; high: number }>;

/**
 * Percentile bootstrap (Efron 1979): the central 95 % of a statistic over resampled rounds.
 * `statistic` is given the indices of the rounds drawn, `length` of them with replacement.
 */
export function bootstrap(
  length: number,
  statistic: (rounds: readonly number[]) => number,
  random: Random,
): Interval {
  return central(resamples(length, random).map(statistic));
}

/** The rounds of each of a bootstrap's draws. */
export function resamples(length: number, random: Random, draws = 400): readonly (readonly number[])[] {
  return Array.from({ length: draws }, () => Array.from({ length }, () => integerBelow(random, length)));
}

/** The central 95 % of the values that are finite. */
export function central(values: readonly number[]): Interval {
  const sorted = sortedOf(values.filter((value) => Number.isFinite(value)));
  return { low: quantileOf(sorted, 0.025), high: quantileOf(sorted, 0.975) };
}
