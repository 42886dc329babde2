import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Study } from '../study-definition.ts';
import type { Subspace } from './subspaces.ts';

/** A configuration with its time in microseconds. */
export type TimedPoint = Readonly<{ configuration: Configuration; timeUs: number }>;

/** Computes a configuration's time at once, in microseconds. */
export type TimeOf = (configuration: Configuration) => number;

/** The most times computed in one visit: about a third of a second of simulation. */
const MOST_COMPUTED = 8000;
/** From how many of the best neighbours a second change is tried. */
const BREADTH = 8;

/**
 * Improves the best of each subspace, where a time is computed and costs nothing to ask: by single changes, then by
 * pairs, until none helps. A gain compares the bests of two subspaces, so what the search has missed in one of them
 * would be told as a gain. Returns what is faster than all that was timed.
 */
export function polished(
  study: Study,
  subspaces: readonly Subspace[],
  timed: readonly TimedPoint[],
  timeOf: TimeOf,
): readonly TimedPoint[] {
  const times = new KnownTimes(study.space, timed, timeOf);
  // The whole space first: it is what is recommended.
  const spaces = [study.space, ...subspaces.map(({ space }) => space)];
  const before = spaces.map((space) => times.bestIn(space)?.timeUs ?? Number.POSITIVE_INFINITY);
  const bests = spaces.map((space) => improve(space, times));
  // Once more where the search of another subspace has found something faster since.
  const found = spaces.map((space, place) => {
    const [best, since] = [bests[place], times.bestIn(space)];
    return best === undefined || since === undefined || since.timeUs >= best.timeUs
      ? best
      : improve(space, times);
  });
  return found.flatMap((best, place) => (best !== undefined && best.timeUs < before[place] ? [best] : []));
}

/** The fastest of a space that is found from these configurations, and how many times were computed. */
export function fastestFrom(
  space: SearchSpace,
  starts: readonly Configuration[],
  timeOf: TimeOf,
): Readonly<{ best: TimedPoint | undefined; computed: number }> {
  const times = new KnownTimes(space, [], timeOf);
  times.of(
    space,
    starts.map((configuration) => space.indexOf(configuration)).filter((index) => index >= 0),
  );
  return { best: improve(space, times), computed: times.computed };
}

function improve(space: SearchSpace, times: KnownTimes): TimedPoint | undefined {
  for (const start of times.startsIn(space)) climb(space, start, times, false);
  const best = times.bestIn(space);
  return best && climb(space, best, times, true);
}

function climb(space: SearchSpace, start: TimedPoint, times: KnownTimes, inPairs: boolean): TimedPoint {
  let best = start;
  while (!times.areSpent) {
    const index = space.indexOf(best.configuration);
    const around = times.of(space, space.neighbours(index, 'hamming'));
    const [near] = around;
    if (near !== undefined && near.timeUs < best.timeUs) {
      best = near;
      continue;
    }
    if (!inPairs) break;
    const [next] = times.of(
      space,
      around
        .slice(0, BREADTH)
        .flatMap(({ configuration }) => space.neighbours(space.indexOf(configuration), 'hamming')),
    );
    if (next === undefined || next.timeUs >= best.timeUs) break;
    best = next;
  }
  return best;
}

/** All times that are known, measured or computed here. */
class KnownTimes {
  readonly #whole: SearchSpace;
  readonly #timeOf: TimeOf;
  readonly #byIndex = new Map<number, TimedPoint>();
  #sorted: readonly TimedPoint[] | undefined;
  computed = 0;

  constructor(whole: SearchSpace, timed: readonly TimedPoint[], timeOf: TimeOf) {
    this.#whole = whole;
    this.#timeOf = timeOf;
    for (const each of timed) {
      const index = whole.indexOf(each.configuration);
      if (index >= 0) this.#byIndex.set(index, each);
    }
  }

  get areSpent(): boolean {
    return this.computed >= MOST_COMPUTED;
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
