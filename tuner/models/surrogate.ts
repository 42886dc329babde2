import type { Parameter } from '../../search-space/parameter.ts';
import type { Random } from '../../search-space/random.ts';
import type { Matrix } from './_base.ts';
import { type Encoding, pairedEncoding, plainEncoding } from './encoding.ts';
import { type Estimate, type Forest, fitForest, predictForest } from './forest.ts';
import { GaussianProcess } from './gaussian-process.ts';
import type { Scales } from './kernel-scales.ts';
import { type Known, type Sample, sampleOf, slowLimit, thinned, timedPlaces } from './known.ts';
import { rowsOf } from './matrix.ts';
import type { Trend } from './trend.ts';

/** ln(time in µs) of each member with its spread, and the probability that it has a time at all. */
export type Belief = Estimate & Readonly<{ valid: Float64Array }>;

const TREES = 50;
/** Times a tree is grown from, so that the cost of a model stays the same in a long study. */
const FOREST_ROWS = 200;
const VALIDITY_TREES = 20;
const TRIES = 16;

/** The two views of a member that the two models take. */
export type Views = Readonly<{ plain: Encoding; paired: Encoding }>;

export function viewsOf(parameters: readonly Parameter[]): Views {
  return { plain: plainEncoding(parameters), paired: pairedEncoding(parameters) };
}

/** What else a model is made from. */
export type Learning = Readonly<{ trend: Trend; random: Random }>;

/**
 * What is known of the time of each member of a space, from the trials of one study.
 *
 * A forest and a Gaussian process answer together. The forest sees products and ratios of sizes and
 * takes cliffs as they come; the process sees distances and knows what it does not know. Their
 * disagreement adds to the spread. A second forest learns which members fail.
 */
export class Surrogate {
  /** ln(time) of the fastest known. */
  readonly toBeat: number;
  /** ln(time) from which all are called slow. */
  readonly slow: number;
  readonly #views: Views;
  readonly #trend: Trend;
  readonly #forest: Forest;
  readonly #validity: Forest | undefined;
  readonly #sample: Sample;
  readonly #process: GaussianProcess;

  /** Two or more of the known must have a time. */
  constructor(views: Views, known: Known, scales: Scales, { trend, random }: Learning) {
    const ranked = timedPlaces(known);
    this.toBeat = known.logTimes[ranked[0]];
    this.slow = slowLimit(known, ranked);
    this.#views = views;
    this.#trend = trend;
    const paired = views.paired.encode(known.members);
    const grown = thinned(ranked, FOREST_ROWS);
    const expected = trend(grown.map((place) => known.members[place]));
    this.#forest = fitForest(
      rowsOf(paired, grown),
      Float64Array.from(grown, (place, i) => Math.min(this.slow, known.logTimes[place]) - expected[i]),
      { trees: TREES, tries: TRIES, random },
    );
    this.#validity = ranked.length === paired.rows ? undefined : fitValidity(paired, known, random);
    this.#sample = sampleOf(known, views.plain, trend);
    this.#process = new GaussianProcess(this.#sample.features, this.#sample.targets, scales);
  }

  /** The forests' belief alone: rough and cheap. */
  screen(members: readonly Int32Array[]): Belief {
    const features = this.#views.paired.encode(members);
    const valid =
      this.#validity === undefined
        ? new Float64Array(members.length).fill(1)
        : predictForest(this.#validity, features).mean;
    const expected = this.#trend(members);
    const { mean, sd } = predictForest(this.#forest, features);
    return { mean: mean.map((value, i) => value + expected[i]), sd, valid };
  }

  /** What both believe: the mixture of the two in equal parts. */
  believe(members: readonly Int32Array[]): Belief {
    const forest = this.screen(members);
    const process = this.#process.predict(this.#views.plain.encode(members));
    const { mean, sd } = this.#sample;
    const expected = this.#trend(members);
    const middle = forest.mean.map((value, i) => (value + expected[i] + mean + sd * process.mean[i]) / 2);
    const spread = middle.map((value, i) => {
      const variance = (forest.sd[i] ** 2 + (sd * process.sd[i]) ** 2) / 2;
      return Math.sqrt(variance + (value - forest.mean[i]) ** 2);
    });
    return { mean: middle, sd: spread, valid: forest.valid };
  }

  /** How much a result of one member would say of the other, 0 … 1. */
  likeness(a: Int32Array, b: Int32Array): number {
    return this.#process.correlation(this.#views.plain.encode([a, b]), 0, 1);
  }
}

function fitValidity(features: Matrix, known: Known, random: Random): Forest {
  const validity = known.logTimes.map((time) => (Number.isFinite(time) ? 1 : 0));
  return fitForest(features, validity, { trees: VALIDITY_TREES, tries: TRIES, random });
}
