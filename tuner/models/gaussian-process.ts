import type { Matrix } from './_base.ts';
import { factorize, solveLower, solveUpper } from './cholesky.ts';
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
      this.#covariances(this.#scaled, i, this.#factor.subarray(i * n, i * n + i));
      this.#factor[i * n + i] = this.#signal + Math.exp(scales.noise);
    }
    factorize(this.#factor, n);
    this.#weights = solveUpper(this.#factor, n, solveLower(this.#factor, n, targets.slice()));
  }

  predict(features: Matrix): Estimate {
    const scaled = this.#scale(features);
    const mean = new Float64Array(features.rows);
    const sd = new Float64Array(features.rows);
    const covariances = new Float64Array(this.#rows);
    for (let row = 0; row < features.rows; row++) {
      this.#covariances(scaled, row, covariances);
      let variance = this.#signal;
      for (let i = 0; i < this.#rows; i++) mean[row] += covariances[i] * this.#weights[i];
      for (const part of solveLower(this.#factor, this.#rows, covariances)) variance -= part * part;
      sd[row] = Math.sqrt(Math.max(variance, 1e-8));
    }
    return { mean, sd };
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

  #scale({ columns, values }: Matrix): Float64Array {
    return values.map((value, at) => value * this.#rates[at % columns]);
  }

  /** Of one row with the first `into.length` rows that the process is fitted to. */
  #covariances(scaled: Float64Array, row: number, into: Float64Array): void {
    const d = this.#rates.length;
    for (let i = 0; i < into.length; i++) {
      let square = 0;
      for (let f = 0; f < d; f++) square += (this.#scaled[i * d + f] - scaled[row * d + f]) ** 2;
      into[i] = this.#signal * matern(square);
    }
  }
}

function matern(square: number): number {
  const r = Math.sqrt(5 * square);
  return Math.exp(-r) * (1 + r + (r * r) / 3);
}
