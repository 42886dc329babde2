import type { Parameter } from '../../search-space/parameter.ts';
import type { Random } from '../../search-space/random.ts';
import type { Matrix } from './_base.ts';
import { type Encoding, pairedEncoding, plainEncoding } from './encoding.ts';
import { type Estimate, type Forest, fitForest, predictForest } from './forest.ts';
import { GaussianProcess } from './gaussian-process.ts';
import type { Scales } from './kernel-scales.ts';
import { rowsOf } from './matrix.ts';
import { type StandardizedSample, standardizedSampleOf } from './standardized-sample.ts';
import { slowLimit, type TrainingSet, thinned, timedPlaces } from './training-set.ts';
import type { Trend } from './trend.ts';

/** ln(time in µs) of each member with its spread, and the probability that it runs at all. */
export type SurrogateEstimate = Estimate & Readonly<{ valid: Float64Array }>;

const TREES = 50;
/** Times that each tree is grown from, so that a model costs the same in a long study. */
const FOREST_ROWS = 200;
const VALIDITY_TREES = 20;
const TRIES = 16;

/** How the two models see a member: the Gaussian process plainly, the forests with pairs of sizes too. */
export type Encodings = Readonly<{ plain: Encoding; paired: Encoding }>;

export function encodingsOf(parameters: readonly Parameter[]): Encodings {
  return { plain: plainEncoding(parameters), paired: pairedEncoding(parameters) };
}

type FitOptions = Readonly<{ trend: Trend; random: Random }>;

/**
 * Predicts the time of each member of a space from the trials of one study.
 *
 * A forest and a Gaussian process answer together. The forest sees products and ratios of sizes and
 * copes with sudden jumps; the process sees distances and is unsure far from any trial. Where the two
 * disagree, the spread grows. A second forest learns which members fail.
 */
export class Surrogate {
  /** ln(time) of the fastest trial. */
  readonly fastest: number;
  /** ln(time) above which all count as slow. */
  readonly slow: number;
  readonly #encodings: Encodings;
  readonly #trend: Trend;
  readonly #forest: Forest;
  readonly #validity: Forest | undefined;
  readonly #sample: StandardizedSample;
  readonly #process: GaussianProcess;

  /** Two or more of the trials must have a time. */
  constructor(encodings: Encodings, trials: TrainingSet, scales: Scales, { trend, random }: FitOptions) {
    const ranked = timedPlaces(trials);
    this.fastest = trials.logTimes[ranked[0]];
    this.slow = slowLimit(trials, ranked);
    this.#encodings = encodings;
    this.#trend = trend;
    const paired = encodings.paired.encode(trials.members);
    const kept = thinned(ranked, FOREST_ROWS);
    const expected = trend(kept.map((place) => trials.members[place]));
    this.#forest = fitForest(
      rowsOf(paired, kept),
      Float64Array.from(kept, (place, i) => Math.min(this.slow, trials.logTimes[place]) - expected[i]),
      { trees: TREES, tries: TRIES, random },
    );
    this.#validity = ranked.length === paired.rows ? undefined : fitValidity(paired, trials, random);
    this.#sample = standardizedSampleOf(trials, encodings.plain, trend);
    this.#process = new GaussianProcess(this.#sample.features, this.#sample.targets, scales);
  }

  /** By the forests alone: rough and cheap. */
  predictRoughly(members: readonly Int32Array[]): SurrogateEstimate {
    const features = this.#encodings.paired.encode(members);
    const valid =
      this.#validity === undefined
        ? new Float64Array(members.length).fill(1)
        : predictForest(this.#validity, features).mean;
    const expected = this.#trend(members);
    const { mean, sd } = predictForest(this.#forest, features);
    return { mean: mean.map((value, i) => value + expected[i]), sd, valid };
  }

  /** By forest and process: the mixture of the two in equal parts. */
  predict(members: readonly Int32Array[]): SurrogateEstimate {
    const forest = this.predictRoughly(members);
    const process = this.#process.predict(this.#encodings.plain.encode(members));
    const { mean, sd } = this.#sample;
    const expected = this.#trend(members);
    const middle = forest.mean.map((value, i) => (value + expected[i] + mean + sd * process.mean[i]) / 2);
    const spread = middle.map((value, i) => {
      const variance = (forest.sd[i] ** 2 + (sd * process.sd[i]) ** 2) / 2;
      return Math.sqrt(variance + (value - forest.mean[i]) ** 2);
    });
    return { mean: middle, sd: spread, valid: forest.valid };
  }

  /** Correlation of the times of two members under the Gaussian process, 0 … 1. */
  correlation(a: Int32Array, b: Int32Array): number {
    return this.#process.correlation(this.#encodings.plain.encode([a, b]), 0, 1);
  }
}

function fitValidity(features: Matrix, trials: TrainingSet, random: Random): Forest {
  const validity = trials.logTimes.map((time) => (Number.isFinite(time) ? 1 : 0));
  return fitForest(features, validity, { trees: VALIDITY_TREES, tries: TRIES, random });
}
