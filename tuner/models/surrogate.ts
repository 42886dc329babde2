import { type Estimate, predictForest } from './forest.ts';
import { GaussianProcess } from './gaussian-process.ts';
import type { Scales } from './kernel-scales.ts';
import type { SpaceView } from './space-view.ts';
import { type StandardizedSample, standardizedSampleOf } from './standardized-sample.ts';
import type { FitSample, Forests } from './study-forests.ts';
import { slowLimit, timedPlaces } from './training-set.ts';
import type { Trend } from './trend.ts';

/** ln(time in µs) of each member with its spread, and the probability that it runs at all. */
export type SurrogateEstimate = Estimate & Readonly<{ valid: Float64Array }>;

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
  readonly #view: SpaceView;
  readonly #trend: Trend;
  readonly #forests: Forests;
  readonly #sample: StandardizedSample;
  readonly #process: GaussianProcess;

  /** Two or more of the trials must have a time. */
  constructor(view: SpaceView, { trials, trend }: FitSample, scales: Scales, forests: Forests) {
    const ranked = timedPlaces(trials);
    this.fastest = trials.logTimes[ranked[0]];
    this.slow = slowLimit(trials, ranked);
    this.#view = view;
    this.#trend = trend;
    this.#forests = forests;
    this.#sample = standardizedSampleOf(trials, view.plain, trend);
    this.#process = new GaussianProcess(this.#sample.features, this.#sample.targets, scales);
  }

  /** By the forests alone: rough and cheap. */
  predictRoughly(members: readonly Int32Array[]): SurrogateEstimate {
    const features = this.#view.paired.encode(members);
    const { times, validity } = this.#forests;
    const valid =
      validity === undefined
        ? new Float64Array(members.length).fill(1)
        : predictForest(validity, features).mean;
    const expected = this.#trend(members);
    const { mean, sd } = predictForest(times, features);
    return { mean: mean.map((value, i) => value + expected[i]), sd, valid };
  }

  predict(members: readonly Int32Array[]): SurrogateEstimate {
    return this.refine(members, this.predictRoughly(members));
  }

  /** The mixture of forest and process, where the forests' prediction is known already. */
  refine(members: readonly Int32Array[], forest: SurrogateEstimate): SurrogateEstimate {
    const process = this.#process.predict(this.#view.plain.encode(members));
    const { mean, sd } = this.#sample;
    const expected = this.#trend(members);
    const share = this.#view.processShare;
    const gap = forest.mean.map((value, i) => expected[i] + mean + sd * process.mean[i] - value);
    const spread = gap.map((between, i) => {
      const within = (1 - share) * forest.sd[i] ** 2 + share * (sd * process.sd[i]) ** 2;
      return Math.sqrt(within + share * (1 - share) * between ** 2);
    });
    return { mean: forest.mean.map((value, i) => value + share * gap[i]), sd: spread, valid: forest.valid };
  }

  /** Correlation of the times of two members under the Gaussian process, 0 … 1. */
  correlation(a: Int32Array, b: Int32Array): number {
    return this.#process.correlation(this.#view.plain.encode([a, b]), 0, 1);
  }
}
