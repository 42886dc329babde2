import type { Prior } from '../strategies/_base.ts';
import { type Known, slowLimit, timedPlaces } from './known.ts';

/** The part of ln(time) that is believed before the study's own model looks at a member. */
export type Trend = (members: readonly Int32Array[]) => Float64Array;

export const NO_TREND: Trend = (members) => new Float64Array(members.length);

/** Before any trial a prior is believed this much … */
const FIRST_WEIGHT = 0.7;
/** … as firmly as if its weight had been measured with this standard deviation. */
const FIRST_SD = 0.5;

/**
 * A prior times the weight that the trials so far give it: the slope of times on predictions, with a
 * normal belief about it (Bayesian linear regression), as far as the ranks bear it out. A prior that is
 * beside the point tends to weight 0; one that has the ranks upside down is not believed at all.
 */
export function trendOf(prior: Prior, known: Known): Trend {
  const weight = weightOf(prior, known);
  if (weight === 0) return NO_TREND;
  return (members) => Float64Array.from(prior.predict(members), ({ meanLog }) => weight * meanLog);
}

/** Pairs of trials that a prior is believed to put in the right order, and in the wrong one, before there are any. */
const FIRST_PAIRS = { right: 1.5, wrong: 0.5 };
/** From this trust on a prior is taken by its word. */
const FULL_TRUST = 0.25;

/**
 * Kendall's τ between what the prior says and what became of the trials, −1 to 1, with a few pairs believed
 * beforehand. Failures are slower than all times. A prior that is upside down is found out by the first two.
 */
export function trustIn(prior: Prior, { members, logTimes }: Known): number {
  const said = prior.predict(members).map(({ meanLog }) => meanLog);
  let { right, wrong } = FIRST_PAIRS;
  for (let i = 0; i < said.length; i++) {
    for (let j = 0; j < i; j++) {
      if (said[i] === said[j] || logTimes[i] === logTimes[j]) continue;
      if (said[i] < said[j] === logTimes[i] < logTimes[j]) right++;
      else wrong++;
    }
  }
  return (right - wrong) / (right + wrong);
}

/** Between 0 and 1. */
export function weightOf(prior: Prior, known: Known): number {
  const trust = Math.min(1, Math.max(0, trustIn(prior, known) / FULL_TRUST));
  return trust * slopeOf(prior, known);
}

/** Of the times on what the prior says, between 0 and 1. */
function slopeOf(prior: Prior, known: Known): number {
  const ranked = timedPlaces(known);
  if (ranked.length < 2) return FIRST_WEIGHT;
  const limit = slowLimit(known, ranked);
  const times = centred(ranked.map((place) => Math.min(limit, known.logTimes[place])));
  const said = centred(
    prior.predict(ranked.map((place) => known.members[place])).map(({ meanLog }) => meanLog),
  );
  const noise = Math.max(0.01, product(times, times) / times.length);
  const firmness = noise / FIRST_SD ** 2;
  const slope = (product(said, times) + firmness * FIRST_WEIGHT) / (product(said, said) + firmness);
  return Math.min(1, Math.max(0, slope));
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
