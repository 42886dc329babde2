import type { Random } from '../../search-space/random.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { plainEncoding } from './encoding.ts';
import { type Forest, fitForest, predictForest } from './forest.ts';
import { type Known, timedPlaces } from './known.ts';
import { moments } from './matrix.ts';

/** How much of what varies in ln(time) over the space is due to a parameter alone, or to a pair together. */
export type Importance = Readonly<{
  /** Times that this was learned from. */
  times: number;
  /** Most important first; shares of the variance, 0 … 1. */
  parameters: readonly Readonly<{ name: string; share: number }>[];
  /** What the pair adds beyond its two parts; largest first. */
  interactions: readonly Readonly<{ names: readonly [string, string]; share: number }>[];
}>;

const FEWEST_TIMES = 10;
const TREES = 50;
const SAMPLE = 200;
/** Pairs are asked about among so many of the most important parameters. */
const PAIRED = 5;

/**
 * Functional analysis of variance on a forest (Hutter, Hoos, Leyton-Brown 2014): the variance of the
 * mean prediction when one parameter, or two, are held at each of their values in turn and the others
 * are as in a sample of members. Undefined for fewer than ten times, or when all are the same.
 */
export function importanceOf(space: SearchSpace, known: Known, random: Random): Importance | undefined {
  const marginals = new Marginals(space, known, random);
  if (marginals.times < FEWEST_TIMES || marginals.variance < 1e-12) return undefined;
  const free = space.parameters.flatMap(({ name, values }, place) =>
    values.length < 2 ? [] : [{ name, place, share: marginals.of(place) }],
  );
  free.sort((a, b) => b.share - a.share || a.place - b.place);
  const leading = free.slice(0, PAIRED);
  const interactions = leading.flatMap((a, i) =>
    leading.slice(i + 1).map((b) => ({
      names: [a.name, b.name] as const,
      share: Math.max(0, marginals.ofPair(a.place, b.place) - a.share - b.share),
    })),
  );
  return {
    times: marginals.times,
    parameters: free.map(({ name, share }) => ({ name, share })),
    interactions: interactions.sort((a, b) => b.share - a.share),
  };
}

/** Shares of the variance over a sample of the space. */
class Marginals {
  readonly times: number;
  readonly variance: number;
  readonly #space: SearchSpace;
  readonly #forest: Forest;
  readonly #encode: ReturnType<typeof plainEncoding>['encode'];
  readonly #sample: readonly Int32Array[];

  constructor(space: SearchSpace, known: Known, random: Random) {
    const timed = timedPlaces(known);
    const { encode, columns } = plainEncoding(space.parameters);
    this.times = timed.length;
    this.#space = space;
    this.#encode = encode;
    this.#forest = fitForest(
      encode(timed.map((place) => known.members[place])),
      Float64Array.from(timed, (place) => known.logTimes[place]),
      { trees: TREES, tries: columns, random },
    );
    this.#sample = Array.from({ length: SAMPLE }, () => space.digitsAt(space.sample(random)));
    this.variance =
      this.times === 0 ? 0 : moments(predictForest(this.#forest, encode(this.#sample)).mean).sd ** 2;
  }

  of(place: number): number {
    const values = this.#space.parameters[place].values.length;
    return this.#share(Array.from({ length: values }, (_, digit) => this.#meanAt([[place, digit]])));
  }

  ofPair(a: number, b: number): number {
    const { parameters } = this.#space;
    const means: number[] = [];
    for (let i = 0; i < parameters[a].values.length; i++) {
      for (let j = 0; j < parameters[b].values.length; j++) {
        means.push(
          this.#meanAt([
            [a, i],
            [b, j],
          ]),
        );
      }
    }
    return this.#share(means);
  }

  #share(means: readonly number[]): number {
    return Math.min(1, moments(means).sd ** 2 / this.variance);
  }

  #meanAt(held: readonly (readonly [place: number, digit: number])[]): number {
    const members = this.#sample.map((digits) => {
      const moved = digits.slice();
      for (const [place, digit] of held) moved[place] = digit;
      return moved;
    });
    return moments(predictForest(this.#forest, this.#encode(members)).mean).mean;
  }
}
