import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';

/** A configuration with its time in microseconds. */
export type TimedPoint = Readonly<{ configuration: Configuration; timeUs: number }>;

/** Computes a configuration's time at once, in microseconds. */
export type TimeOf = (configuration: Configuration) => number;

/** All times that are known, measured or computed here. */
export class KnownTimes {
  readonly #whole: SearchSpace;
  readonly #timeOf: TimeOf;
  readonly #most: number;
  readonly #byIndex = new Map<number, TimedPoint>();
  #sorted: readonly TimedPoint[] | undefined;
  computed = 0;

  /** `most` times are computed; then only what is known is given. */
  constructor(whole: SearchSpace, timed: readonly TimedPoint[], timeOf: TimeOf, most: number) {
    this.#whole = whole;
    this.#timeOf = timeOf;
    this.#most = most;
    for (const each of timed) {
      const index = whole.indexOf(each.configuration);
      if (index >= 0) this.#byIndex.set(index, each);
    }
  }

  get areSpent(): boolean {
    return this.computed >= this.#most;
  }

  /** The times of members of a part of the space, fastest first. */
  of(part: SearchSpace, indices: readonly number[]): readonly TimedPoint[] {
    return [...new Set(indices)]
      .map((index) => this.#at(part.digitsAt(index)))
      .filter((each) => each !== undefined)
      .sort((a, b) => a.timeUs - b.timeUs);
  }

  #at(digits: Int32Array): TimedPoint | undefined {
    const index = this.#whole.indexOfDigits(digits);
    const known = this.#byIndex.get(index);
    if (known !== undefined || this.areSpent) return known;
    this.computed++;
    const configuration = this.#whole.at(index);
    const each = { configuration, timeUs: this.#timeOf(configuration) };
    this.#byIndex.set(index, each);
    this.#sorted = undefined;
    return each;
  }

  bestIn(part: SearchSpace): TimedPoint | undefined {
    return this.#fastestFirst().find(({ configuration }) => part.has(configuration));
  }

  /** The best with each value of each categorical parameter: valleys that no small change leads between. */
  startsIn(part: SearchSpace): readonly TimedPoint[] {
    const categorical = part.parameters.filter(({ kind }) => kind === 'categorical');
    const starts = new Map<string, TimedPoint>();
    for (const each of this.#fastestFirst()) {
      const { configuration } = each;
      const fresh = categorical
        .map(({ name }) => `${name}=${configuration[name]}`)
        .filter((key) => !starts.has(key));
      if (fresh.length > 0 && part.has(configuration)) for (const key of fresh) starts.set(key, each);
    }
    return [...new Set(starts.values())];
  }

  #fastestFirst(): readonly TimedPoint[] {
    this.#sorted ??= [...this.#byIndex.values()].sort((a, b) => a.timeUs - b.timeUs);
    return this.#sorted;
  }
}
