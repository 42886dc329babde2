import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';

/** From how many of the best neighbours a second change is tried. */
const BREADTH = 8;

/** A configuration with its time in microseconds. */
export type TimedPoint = Readonly<{ configuration: Configuration; timeUs: number }>;

/** With the digits by which every part of the space finds it. */
type KnownPoint = TimedPoint & Readonly<{ digits: Int32Array }>;

/** Computes a configuration's time at once, in microseconds. */
export type TimeOf = (configuration: Configuration) => number;

/** All times that are known, measured or computed here, and the climbs among them. */
export class KnownTimes {
  readonly #whole: SearchSpace;
  readonly #timeOf: TimeOf;
  readonly #most: number;
  readonly #byIndex = new Map<number, KnownPoint>();
  #sorted: readonly KnownPoint[] | undefined;
  computed = 0;

  /** `most` times are computed; then only what is known is given. */
  constructor(whole: SearchSpace, timed: readonly TimedPoint[], timeOf: TimeOf, most: number) {
    this.#whole = whole;
    this.#timeOf = timeOf;
    this.#most = most;
    for (const each of timed) {
      const index = whole.indexOf(each.configuration);
      if (index >= 0) this.#byIndex.set(index, { ...each, digits: whole.digitsAt(index) });
    }
  }

  get #areSpent(): boolean {
    return this.computed >= this.#most;
  }

  /** The times of members of a part of the space, fastest first. */
  of(part: SearchSpace, indices: readonly number[]): readonly KnownPoint[] {
    return [...new Set(indices)]
      .map((index) => this.#at(part.digitsAt(index)))
      .filter((each) => each !== undefined)
      .sort((a, b) => a.timeUs - b.timeUs);
  }

  #at(digits: Int32Array): KnownPoint | undefined {
    const index = this.#whole.indexOfDigits(digits);
    const known = this.#byIndex.get(index);
    if (known !== undefined || this.#areSpent) return known;
    this.computed++;
    const configuration = this.#whole.at(index);
    const each = { configuration, timeUs: this.#timeOf(configuration), digits };
    this.#byIndex.set(index, each);
    this.#sorted = undefined;
    return each;
  }

  bestIn(part: SearchSpace): KnownPoint | undefined {
    return this.fastestFirst().find(({ digits }) => part.indexOfDigits(digits) >= 0);
  }

  /** The best of a part of the space that changes lead to from its best ones: single changes, then pairs. */
  improve(part: SearchSpace): KnownPoint | undefined {
    for (const start of this.#startsIn(part)) this.climb(part, start, false);
    const best = this.bestIn(part);
    return best && this.climb(part, best, true);
  }

  /** The fastest that changes lead to from a start: single ones, and `inPairs` also two at once. */
  climb(part: SearchSpace, start: KnownPoint, inPairs: boolean): KnownPoint {
    let best = start;
    while (!this.#areSpent) {
      const around = this.of(part, part.neighbours(part.indexOfDigits(best.digits), 'hamming'));
      const [near] = around;
      if (near !== undefined && near.timeUs < best.timeUs) {
        best = near;
        continue;
      }
      if (!inPairs) break;
      const [next] = this.of(
        part,
        around
          .slice(0, BREADTH)
          .flatMap(({ digits }) => part.neighbours(part.indexOfDigits(digits), 'hamming')),
      );
      if (next === undefined || next.timeUs >= best.timeUs) break;
      best = next;
    }
    return best;
  }

  /** The best with each value of each categorical parameter: valleys that no small change leads between. */
  #startsIn(part: SearchSpace): readonly KnownPoint[] {
    const categorical = part.parameters.filter(({ kind }) => kind === 'categorical');
    const starts = new Map<string, KnownPoint>();
    for (const each of this.fastestFirst()) {
      const { configuration, digits } = each;
      const fresh = categorical
        .map(({ name }) => `${name}=${configuration[name]}`)
        .filter((key) => !starts.has(key));
      if (fresh.length > 0 && part.indexOfDigits(digits) >= 0) for (const key of fresh) starts.set(key, each);
    }
    return [...new Set(starts.values())];
  }

  fastestFirst(): readonly KnownPoint[] {
    this.#sorted ??= [...this.#byIndex.values()].sort((a, b) => a.timeUs - b.timeUs);
    return this.#sorted;
  }
}
