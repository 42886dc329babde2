import { randomFor } from '../../../../search-space/random.ts';
import type { FigureProblem } from './figure-problem.ts';
import type { FigurePlace } from './open-figures.ts';

/** A place may be this much worse than the best, in uncertainties of each time, and be nearer to the file's own figures. */
const AS_GOOD = 0.25;

/** At how many other places it is looked where to search from at most, and from how many of them it is searched. */
const LOOKED_AT = 20;
const STARTS = 2;

/** By how much a sum of squares may exceed the least: for a single figure to have its value, and for all to have theirs. */
export type MostWorse = Readonly<{ one: number; all: number }>;

/** Places that explain the times about as well as the best one. */
export class Accepted {
  readonly #problem: FigureProblem;
  readonly #times: number;
  readonly #mostWorse: MostWorse;
  #least: number;
  readonly #places: FigurePlace[];
  readonly #near: FigurePlace[];

  constructor(problem: FigureProblem, best: FigurePlace, times: number, mostWorse: MostWorse) {
    this.#problem = problem;
    this.#times = times;
    this.#mostWorse = mostWorse;
    this.#least = problem.badness(best);
    this.#places = [best];
    this.#near = [best];
  }

  /** Puts a place first that is about as good as the best. */
  prefer(place: FigurePlace): void {
    if (this.#problem.badness(place) <= this.#least + AS_GOOD * this.#times) this.#places.unshift(place);
  }

  /** Whether the place explains the times; then it is kept. */
  add(place: FigurePlace): boolean {
    const worse = this.#problem.badness(place) - this.#least;
    if (worse <= this.#mostWorse.one) this.#near.push(place);
    if (worse <= this.#mostWorse.all) this.#places.push(place);
    return worse <= this.#mostWorse.all;
  }

  any(seed: number): FigurePlace {
    return this.#places[Math.floor(randomFor('accepted', seed)() * this.#places.length)];
  }

  /** The place at which a figure has its least share, or its greatest. */
  farthest(figure: number, isUp: boolean): FigurePlace {
    const sign = isUp ? 1 : -1;
    return this.#near.reduce((far, place) => (sign * (place[figure] - far[figure]) > 0 ? place : far));
  }

  /**
   * Where to search from for what has a figure at a share: its farthest place, and those of the others that explain most with
   * only this figure moved, as they may lie on other islands.
   */
  startsAt(figure: number, share: number, isUp: boolean): readonly FigurePlace[] {
    const every = Math.ceil(this.#places.length / LOOKED_AT);
    const others = this.#places
      .filter((_, k) => k % every === 0)
      .map((place) => place.with(figure, share))
      .map((place) => ({ place, badness: this.#problem.badness(place) }))
      .sort((a, b) => a.badness - b.badness)
      .slice(0, STARTS)
      .map(({ place }) => place);
    return [this.farthest(figure, isUp).with(figure, share), ...others];
  }

  isNear(place: FigurePlace): boolean {
    return this.#near.at(-1) === place;
  }

  get all(): readonly FigurePlace[] {
    return this.#places;
  }
}
