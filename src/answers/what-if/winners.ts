import type { Configuration } from '../../../search-space/parameter.ts';
import type { Kernel } from '../../kernels/ir.ts';
import type { ChangedFigure } from '../../targets/npu/machine/what-if.ts';
import type { Axis } from './axis.ts';
import { type Fastest, SimulatedSpace } from './simulated-space.ts';
import { staysBest } from './stays-best.ts';

/** So many flips are told; a figure with more changes the best all the time. */
export const MOST_FLIPS = 8;

/** From today's value of a figure to the one asked for. */
export type Way = Readonly<{ today: number; asked: number }>;

/** Whether a value is farther than the one asked for. */
export function isBeyond(value: number, { today, asked }: Way): boolean {
  return (value - asked) * (asked - today) > 0;
}

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
 * faster there is found. A winner stays it while nothing is faster by 1 %.
 */
export class Winners {
  readonly #kernel: Kernel;
  readonly #figure: ChangedFigure;
  readonly #axis: Axis;
  readonly #spaces = new Map<number, SimulatedSpace>();
  readonly #fastest = new Map<number, Fastest>();
  readonly #seen = new Map<string, Configuration>();

  constructor(kernel: Kernel, figure: ChangedFigure, axis: Axis) {
    this.#kernel = kernel;
    this.#figure = figure;
    this.#axis = axis;
  }

  /** The flips in the order in which they are met, from the one that wins first, and the last value that was searched. */
  flips(first: Configuration, way: Way): Readonly<{ flips: readonly Flip[]; searchedTo: number }> {
    const { path, beyond } = this.#axis;
    this.#see(first);
    const flips = this.#along(path, first);
    const met = flips.filter(({ from }) => !isBeyond(from, way));
    if (met.length > 0) return { flips: met, searchedTo: way.asked };
    let searchedTo = path[path.length - 1];
    for (const value of flips.length > 0 ? [] : beyond) {
      flips.push(...this.#along([searchedTo, value], first));
      searchedTo = value;
      if (flips.length > 0) break;
    }
    return { flips: flips.slice(0, 1), searchedTo };
  }

  #along(path: readonly number[], first: Configuration): Flip[] {
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
      if (upTo === low || this.#holds(winner, upTo)) {
        const next = this.#space(from).best(this.#at(from), winner);
        this.#see(next.configuration);
        return { upTo, from, ...next };
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
    return staysBest(space.timeUs(winner), fastest);
  }

  #holds(winner: Configuration, value: number): boolean {
    return staysBest(this.#space(value).timeUs(winner), this.#at(value).timeUs);
  }

  #at(value: number): Fastest {
    const known = this.#fastest.get(value);
    if (known !== undefined) return known;
    const fastest = this.#space(value).fastest([...this.#seen.values()]);
    this.#fastest.set(value, fastest);
    this.#see(fastest.alike[0].configuration);
    return fastest;
  }

  #see(configuration: Configuration): void {
    this.#seen.set(JSON.stringify(configuration), configuration);
  }

  #space(value: number): SimulatedSpace {
    const known = this.#spaces.get(value) ?? new SimulatedSpace(this.#kernel, this.#figure.at(value));
    this.#spaces.set(value, known);
    return known;
  }
}
