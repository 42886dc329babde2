import type { Configuration } from '../../../search-space/parameter.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { ChangedFigure } from '../../targets/npu/machine/what-if.ts';
import type { Axis } from './axis.ts';
import { SimulatedSpace, type Winner } from './simulated-space.ts';

/** A configuration stays the winner while none is faster by more than this part. */
const NO_DIFFERENCE = 0.001;
/** So many flips are told; a figure with more changes the best all the time. */
export const MOST_FLIPS = 8;

/** Where another configuration becomes the best. */
export type Flip = Readonly<{
  /** The last value with the winner before, and the first that was seen with the new one. */
  upTo: number;
  from: number;
  /** The best from there on, and its time there, in µs. */
  configuration: Configuration;
  timeUs: number;
}>;

/**
 * The winners as a figure moves from today's value to the one asked for, and beyond that where nothing changes until
 * there. The lower envelope of the configurations' times: between two values with different winners the crossing is
 * bisected among all winners that were seen, then both of its sides are searched anew, so that a third one that is
 * faster there is found.
 */
export class Winners {
  readonly #kernel: Kernel;
  readonly #figure: ChangedFigure;
  readonly #axis: Axis;
  readonly #spaces = new Map<number, SimulatedSpace>();
  readonly #bests = new Map<number, Winner>();
  readonly #seen = new Map<string, Configuration>();

  constructor(kernel: Kernel, figure: ChangedFigure, axis: Axis) {
    this.#kernel = kernel;
    this.#figure = figure;
    this.#axis = axis;
  }

  /** The flips in the order in which they are met, and the last value that was searched. */
  flips(): Readonly<{ flips: readonly Flip[]; searchedTo: number }> {
    const { path, beyond } = this.#axis;
    const flips = this.#along(path);
    let searchedTo = path[path.length - 1];
    for (const next of flips.length > 0 ? [] : beyond) {
      flips.push(...this.#along([searchedTo, next], this.#best(path[0]).configuration));
      searchedTo = next;
      if (flips.length > 0) break;
    }
    return { flips, searchedTo };
  }

  #along(path: readonly number[], first = this.#best(path[0]).configuration): Flip[] {
    const flips: Flip[] = [];
    let winner = first;
    let [at] = path;
    for (const next of path.slice(1)) {
      while (flips.length < MOST_FLIPS && !this.#holds(winner, next)) {
        const flip = this.#firstFlip(winner, at, next);
        flips.push(flip);
        winner = flip.configuration;
        at = flip.from;
      }
      at = next;
    }
    return flips;
  }

  /** Where `winner`, which holds at `low`, is no longer the best on the way to `high`, where it is not. */
  #firstFlip(winner: Configuration, low: number, high: number): Flip {
    let end = high;
    for (;;) {
      const { upTo, from } = this.#bisect(winner, low, end);
      if (this.#holds(winner, upTo)) {
        const { configuration, timeUs } = this.#best(from);
        return { upTo, from, configuration, timeUs };
      }
      end = upTo;
    }
  }

  /** The crossing among the winners that were seen so far. */
  #bisect(winner: Configuration, low: number, high: number): Readonly<{ upTo: number; from: number }> {
    let [upTo, from] = [low, high];
    for (;;) {
      const middle = this.#axis.between(upTo, from);
      if (middle === undefined) return { upTo, from };
      if (this.#leads(winner, middle)) upTo = middle;
      else from = middle;
    }
  }

  #leads(winner: Configuration, value: number): boolean {
    const space = this.#space(value);
    const fastest = Math.min(...[...this.#seen.values()].map((each) => space.timeUs(each)));
    return space.timeUs(winner) <= fastest * (1 + NO_DIFFERENCE);
  }

  #holds(winner: Configuration, value: number): boolean {
    return this.#space(value).timeUs(winner) <= this.#best(value).timeUs * (1 + NO_DIFFERENCE);
  }

  #best(value: number): Winner {
    const known = this.#bests.get(value);
    if (known !== undefined) return known;
    const best = this.#space(value).best([...this.#seen.values()]);
    this.#bests.set(value, best);
    this.#seen.set(JSON.stringify(best.configuration), best.configuration);
    return best;
  }

  #space(value: number): SimulatedSpace {
    const known = this.#spaces.get(value) ?? new SimulatedSpace(this.#kernel, this.#figure.at(value));
    this.#spaces.set(value, known);
    return known;
  }
}
