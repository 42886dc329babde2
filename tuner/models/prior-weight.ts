import type { Encoding } from './encoding.ts';
import { GaussianProcess } from './gaussian-process.ts';
import type { Scales } from './kernel-scales.ts';
import { standardizedSampleOf } from './standardized-sample.ts';
import type { TrainingSet } from './training-set.ts';
import { NO_TREND, type Trend } from './trend.ts';

/** The weight of a prior before there are times … */
const FIRST_WEIGHT = 0.7;
/** … and how firmly it is held, as a standard deviation. */
const FIRST_SD = 0.5;

/** How the Gaussian process of a study sees its members. */
type View = Readonly<{ encoding: Encoding; scales: Scales }>;

/** What a prior expects times the weight that the trials so far give it; one that inverts the ranks gets none. */
export function trendOf(prior: Trend, trials: TrainingSet, view: View): Trend {
  const weight = rankAgreement(prior, trials) > 0 ? priorWeight(prior, trials, view) : 0;
  if (weight === 0) return NO_TREND;
  return (members) => prior(members).map((expected) => weight * expected);
}

/** Pairs that a prior is credited with in advance: so many in the right order, so many in the wrong one. */
const FIRST_PAIRS = { right: 1.5, wrong: 0.5 };
/**
 * Kendall's τ between a prior's predictions and the trials' results, −1 to 1, with a few pairs counted in
 * advance. A failure is slower than any time. Two trials are enough to find a prior that inverts the ranks.
 */
export function rankAgreement(prior: Trend, { members, logTimes }: TrainingSet): number {
  const predicted = prior(members);
  let { right, wrong } = FIRST_PAIRS;
  for (let i = 0; i < predicted.length; i++) {
    for (let j = 0; j < i; j++) {
      // NaN of two failures, which is neither.
      const product = (predicted[i] - predicted[j]) * (logTimes[i] - logTimes[j]);
      if (product > 0) right++;
      else if (product < 0) wrong++;
    }
  }
  return (right - wrong) / (right + wrong);
}

/**
 * The slope of the times on the predictions, between 0 and 1, with a normal prior on it. The rest of the times is a
 * Gaussian process (generalised least squares), so what tells is whether the predictions explain differences between
 * near members. The fast trials lie near each other: a prior that knows slow from fast, but not which of the fast ones
 * is fastest, loses its weight.
 */
export function priorWeight(prior: Trend, trials: TrainingSet, { encoding, scales }: View): number {
  const { features, members, targets, sd } = standardizedSampleOf(trials, encoding, NO_TREND);
  const process = new GaussianProcess(features, targets, scales);
  const predicted = prior(members).map((expected) => expected / sd);
  const level = process.whitened(new Float64Array(features.rows).fill(1));
  const times = without(level, process.whitened(targets));
  const predictions = without(level, process.whitened(predicted));
  const firmness = 1 / FIRST_SD ** 2;
  const slope =
    (product(predictions, times) + firmness * FIRST_WEIGHT) / (product(predictions, predictions) + firmness);
  return Math.min(1, Math.max(0, slope));
}

/** Less its projection on a direction. */
function without(direction: Float64Array, values: Float64Array): Float64Array {
  const share = product(direction, values) / product(direction, direction);
  return values.map((value, i) => value - share * direction[i]);
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
