import type { Prior } from '../strategies/_base.ts';
import { slowLimit, type TrainingSet, timedPlaces } from './training-set.ts';

/** The part of ln(time) that is expected before the study's own model looks at a member. */
export type Trend = (members: readonly Int32Array[]) => Float64Array;

export const NO_TREND: Trend = (members) => new Float64Array(members.length);

/** The weight of a prior before there are two times … */
const FIRST_WEIGHT = 0.7;
/** … and how firmly it is held, as a standard deviation. */
const FIRST_SD = 0.5;

/**
 * A prior times the weight that the trials so far give it: the slope of a regression of the times on the
 * predictions, with a normal prior on that slope (Bayesian linear regression), and less where the ranks
 * disagree. The weight of a prior that says nothing tends to 0; one that inverts the ranks gets none.
 */
export function trendOf(prior: Prior, trials: TrainingSet): Trend {
  const weight = priorWeight(prior, trials);
  if (weight === 0) return NO_TREND;
  return (members) => Float64Array.from(prior.predict(members), ({ meanLog }) => weight * meanLog);
}

/** Pairs that a prior is credited with in advance: so many in the right order, so many in the wrong one. */
const FIRST_PAIRS = { right: 1.5, wrong: 0.5 };
/** A prior gets its full weight from this rank agreement on. */
const FULL_AGREEMENT = 0.25;

/**
 * Kendall's τ between a prior's predictions and the trials' results, −1 to 1, with a few pairs counted in
 * advance. A failure is slower than any time. Two trials are enough to find a prior that inverts the ranks.
 */
export function rankAgreement(prior: Prior, { members, logTimes }: TrainingSet): number {
  const predicted = prior.predict(members).map(({ meanLog }) => meanLog);
  let { right, wrong } = FIRST_PAIRS;
  for (let i = 0; i < predicted.length; i++) {
    for (let j = 0; j < i; j++) {
      if (predicted[i] === predicted[j] || logTimes[i] === logTimes[j]) continue;
      if (predicted[i] < predicted[j] === logTimes[i] < logTimes[j]) right++;
      else wrong++;
    }
  }
  return (right - wrong) / (right + wrong);
}

/** Between 0 and 1. */
export function priorWeight(prior: Prior, trials: TrainingSet): number {
  const agreement = Math.min(1, Math.max(0, rankAgreement(prior, trials) / FULL_AGREEMENT));
  return agreement * slopeOf(prior, trials);
}

/** The slope of the times on the predictions, between 0 and 1. */
function slopeOf(prior: Prior, trials: TrainingSet): number {
  const ranked = timedPlaces(trials);
  if (ranked.length < 2) return FIRST_WEIGHT;
  const limit = slowLimit(trials, ranked);
  const times = centred(ranked.map((place) => Math.min(limit, trials.logTimes[place])));
  const predictions = prior.predict(ranked.map((place) => trials.members[place]));
  const predicted = centred(predictions.map(({ meanLog }) => meanLog));
  const noise = Math.max(0.01, product(times, times) / times.length);
  const firmness = noise / FIRST_SD ** 2;
  const slope =
    (product(predicted, times) + firmness * FIRST_WEIGHT) / (product(predicted, predicted) + firmness);
  return Math.min(1, Math.max(0, slope));
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
