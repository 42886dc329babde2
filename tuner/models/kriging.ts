import { factorize, solveLower, solveUpper } from './cholesky.ts';

/** A known value at a place. */
export type KnownValue = Readonly<{ at: readonly number[]; value: number }>;

export type KrigingOptions = Readonly<{
  /** The distance at which values are correlated by 1/e. Distances are sums over the coordinates. */
  length: number;
  /** The variance of a value's own error, where that of the values far apart is 1. */
  nugget: number;
}>;

/**
 * The expected value at a place, with its standard deviation up to a factor that is the same everywhere.
 * Ordinary kriging with an exponential covariance (Cressie 1993, §3.2): between two known values in one dimension it is
 * nearly the straight line, beyond them it returns slowly to the mean.
 */
export function krige(
  known: readonly KnownValue[],
  place: readonly number[],
  { length, nugget }: KrigingOptions,
): Readonly<{ mean: number; sd: number }> {
  const n = known.length;
  const covariance = (a: readonly number[], b: readonly number[]): number =>
    Math.exp(-distance(a, b) / length);
  const factor = Float64Array.from({ length: n * n }, (_, cell) => {
    const [row, column] = [Math.floor(cell / n), cell % n];
    return covariance(known[row].at, known[column].at) + (row === column ? nugget : 0);
  });
  factorize(factor, n);
  const solved = (right: ArrayLike<number>): Float64Array =>
    solveUpper(factor, n, solveLower(factor, n, Float64Array.from(right)));
  const ones = solved(known.map(() => 1));
  const precision = sum(ones);
  const mean = known.reduce((total, { value }, i) => total + ones[i] * value, 0) / precision;
  const toPlace = known.map(({ at }) => covariance(at, place));
  const weights = solved(toPlace);
  const explained = toPlace.reduce((total, value, i) => total + value * weights[i], 0);
  const variance = 1 + nugget - explained + (1 - sum(weights)) ** 2 / precision;
  return {
    mean: known.reduce((total, { value }, i) => total + weights[i] * (value - mean), mean),
    sd: Math.sqrt(Math.max(variance, nugget)),
  };
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, coordinate, i) => total + Math.abs(coordinate - b[i]), 0);
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i];
  return total;
}
