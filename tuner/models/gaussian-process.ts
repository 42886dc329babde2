import type { Matrix } from './_base.ts';
import { factorize, solveLower, solveLowerFour, solveUpper } from './cholesky.ts';
import type { Estimate } from './forest.ts';
import type { Scales } from './kernel-scales.ts';

/**
 * A Gaussian process with a Matérn-5/2 covariance and a length of its own for each feature, given
 * targets of zero mean and unit variance (Rasmussen and Williams 2006, algorithm 2.1).
 */
export class GaussianProcess {
  readonly #rates: Float64Array;
  readonly #signal: number;
  readonly #scaled: Float64Array;
  readonly #factor: Float64Array;
  readonly #weights: Float64Array;
  readonly #rows: number;

  constructor(features: Matrix, targets: Float64Array, scales: Scales) {
    const n = features.rows;
    this.#rows = n;
    this.#rates = scales.lengths.map((length) => Math.exp(-length));
    this.#signal = Math.exp(scales.signal);
    this.#scaled = this.#scale(features);
    this.#factor = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) this.#factor[i * n + j] = this.#covariance(this.#scaled, i, j);
      this.#factor[i * n + i] = this.#signal + Math.exp(scales.noise);
    }
    factorize(this.#factor, n);
    this.#weights = solveUpper(this.#factor, n, solveLower(this.#factor, n, targets.slice()));
  }

  predict(features: Matrix): Estimate {
    const scaled = this.#scale(features);
    const mean = new Float64Array(features.rows);
    const sd = new Float64Array(features.rows);
    const parts = new Float64Array(this.#rows * 4);
    for (let first = 0; first < features.rows; first += 4) {
      const count = Math.min(4, features.rows - first);
      for (let c = 0; c < count; c++) mean[first + c] = this.#meanOf(scaled, first + c, parts.subarray(c));
      solveLowerFour(this.#factor, this.#rows, parts);
      for (let c = 0; c < count; c++) sd[first + c] = Math.sqrt(this.#varianceLeft(parts.subarray(c)));
    }
    return { mean, sd };
  }

  /** Of one row, whose covariances with the rows that the process is fitted to become every fourth of `into`. */
  #meanOf(scaled: Float64Array, row: number, into: Float64Array): number {
    let mean = 0;
    for (let i = 0; i < this.#rows; i++) {
      const covariance = this.#covariance(scaled, row, i);
      into[i * 4] = covariance;
      mean += covariance * this.#weights[i];
    }
    return mean;
  }

  /** Less what the rows that it is fitted to explain; every fourth is a part of that. */
  #varianceLeft(parts: Float64Array): number {
    let variance = this.#signal;
    for (let i = 0; i < this.#rows; i++) variance -= parts[i * 4] * parts[i * 4];
    return Math.max(variance, 1e-8);
  }

  /** Values at the rows that the process is fitted to, as independent ones of unit variance if they are drawn from it. */
  whitened(values: Float64Array): Float64Array {
    return solveLower(this.#factor, this.#rows, values.slice());
  }

  /** Prior correlation of the results of two rows, 0 … 1. */
  correlation(features: Matrix, a: number, b: number): number {
    const { columns, values } = features;
    let square = 0;
    for (let f = 0; f < columns; f++) {
      square += (this.#rates[f] * (values[a * columns + f] - values[b * columns + f])) ** 2;
    }
    return matern(square);
  }

  #scale({ rows, columns, values }: Matrix): Float64Array {
    const scaled = new Float64Array(values.length);
    for (let row = 0, at = 0; row < rows; row++)
      for (let f = 0; f < columns; f++, at++) scaled[at] = values[at] * this.#rates[f];
    return scaled;
  }

  /** Of a row with the one of this place that the process is fitted to. */
  #covariance(scaled: Float64Array, row: number, place: number): number {
    const d = this.#rates.length;
    let square = 0;
    for (let f = 0; f < d; f++) square += (this.#scaled[place * d + f] - scaled[row * d + f]) ** 2;
    return this.#signal * matern(square);
  }
}

function matern(square: number): number {
  const r = Math.sqrt(5 * square);
  return Math.exp(-r) * (1 + r + (r * r) / 3);
}
