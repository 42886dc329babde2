import type { Matrix } from './_base.ts';
import { factorize, inverseOf, solveLower, solveUpper } from './cholesky.ts';

/**
 * The hyperparameters of a Gaussian process, all as natural logarithms: the length scale of each feature,
 * the variance of the signal, and that of the noise (targets have unit variance).
 */
export type Scales = Readonly<{ lengths: Float64Array; signal: number; noise: number }>;

const STEPS = 15;
const RATE = 0.15;
/** The mean is for one feature; distances grow with the root of the number of features, and so does the mean. */
const LENGTH_PRIOR = { mean: Math.log(0.25), sd: 0.8, low: -3.5, high: 4 };
const SIGNAL_PRIOR = { mean: 0, sd: 1 };
const NOISE_PRIOR = { mean: Math.log(0.02), sd: 1.5, low: -9 };

/**
 * The scales under which the targets are most probable, with a log-normal prior on each: a few steps of
 * Adam on the marginal likelihood (Rasmussen and Williams 2006, equation 5.9), always from the same
 * start, so that they depend on the data alone.
 */
export function fitScales(features: Matrix, targets: Float64Array): Scales {
  const d = features.columns;
  const squares = squaredDifferences(features);
  const length = LENGTH_PRIOR.mean + Math.log(d) / 2;
  const theta = new Float64Array(d + 2).fill(length);
  theta[d] = SIGNAL_PRIOR.mean;
  theta[d + 1] = NOISE_PRIOR.mean;
  const adam = new Adam(theta.length);
  for (let step = 1; step <= STEPS; step++) {
    const slope = likelihoodSlope(theta, squares, features.rows, targets);
    addPrior(slope, theta, length);
    adam.climb(theta, slope);
    for (let f = 0; f < d; f++) theta[f] = Math.min(LENGTH_PRIOR.high, Math.max(LENGTH_PRIOR.low, theta[f]));
    theta[d + 1] = Math.max(NOISE_PRIOR.low, theta[d + 1]);
  }
  return { lengths: theta.slice(0, d), signal: theta[d], noise: theta[d + 1] };
}

/** (xᵢ − xⱼ)² by feature for each pair j < i, pair after pair. */
function squaredDifferences({ rows, columns, values }: Matrix): Float64Array {
  const squares = new Float64Array(((rows * (rows - 1)) / 2) * columns);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      for (let f = 0; f < columns; f++)
        squares[at++] = (values[i * columns + f] - values[j * columns + f]) ** 2;
    }
  }
  return squares;
}

/** ∂ log p(targets) / ∂θ = ½ tr((α αᵀ − K⁻¹) ∂K/∂θ), summed over pairs once. */
function likelihoodSlope(
  theta: Float64Array,
  squares: Float64Array,
  n: number,
  targets: Float64Array,
): Float64Array {
  const d = theta.length - 2;
  const weights = theta.subarray(0, d).map((length) => Math.exp(-2 * length));
  const signal = Math.exp(theta[d]);
  const noise = Math.exp(theta[d + 1]);
  const { covariance, decay } = covariances(squares, weights, n, signal, noise);
  const factor = covariance.slice();
  factorize(factor, n);
  const alpha = solveUpper(factor, n, solveLower(factor, n, targets.slice()));
  const inverse = inverseOf(factor, n);
  const slope = new Float64Array(d + 2);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++, at += d) {
      const pull = alpha[i] * alpha[j] - inverse[i * n + j];
      slope[d] += pull * covariance[i * n + j];
      const steep = pull * decay[i * n + j];
      for (let f = 0; f < d; f++) slope[f] += steep * weights[f] * squares[at + f];
    }
    const own = (alpha[i] ** 2 - inverse[i * n + i]) / 2;
    slope[d] += own * signal;
    slope[d + 1] += own * noise;
  }
  return slope;
}

/** The Matérn-5/2 covariance and, pair by pair, how it changes with the squared distance. */
function covariances(squares: Float64Array, weights: Float64Array, n: number, signal: number, noise: number) {
  const covariance = new Float64Array(n * n);
  const decay = new Float64Array(n * n);
  const d = weights.length;
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let f = 0; f < d; f++) square += weights[f] * squares[at++];
      const r = Math.sqrt(5 * square);
      const fall = signal * Math.exp(-r);
      covariance[i * n + j] = fall * (1 + r + (r * r) / 3);
      decay[i * n + j] = (fall * (1 + r) * 5) / 3;
    }
    covariance[i * n + i] = signal + noise;
  }
  return { covariance, decay };
}

/** Adds the slope of the prior to that of the likelihood. */
function addPrior(slope: Float64Array, theta: Float64Array, length: number): void {
  const d = theta.length - 2;
  for (let f = 0; f < d; f++) slope[f] -= (theta[f] - length) / LENGTH_PRIOR.sd ** 2;
  slope[d] -= (theta[d] - SIGNAL_PRIOR.mean) / SIGNAL_PRIOR.sd ** 2;
  slope[d + 1] -= (theta[d + 1] - NOISE_PRIOR.mean) / NOISE_PRIOR.sd ** 2;
}

/** Adam (Kingma and Ba 2015), with faster decay than usual, as there are few steps. */
class Adam {
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #step = 0;

  constructor(length: number) {
    this.#mean = new Float64Array(length);
    this.#square = new Float64Array(length);
  }

  climb(theta: Float64Array, slope: Float64Array): void {
    this.#step++;
    for (let k = 0; k < theta.length; k++) {
      this.#mean[k] = 0.8 * this.#mean[k] + 0.2 * slope[k];
      this.#square[k] = 0.95 * this.#square[k] + 0.05 * slope[k] ** 2;
      const mean = this.#mean[k] / (1 - 0.8 ** this.#step);
      const root = Math.sqrt(this.#square[k] / (1 - 0.95 ** this.#step));
      theta[k] += (RATE * mean) / (root + 1e-6);
    }
  }
}
