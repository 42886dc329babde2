import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Study } from '../study-definition.ts';
import { KnownTimes, type TimedPoint, type TimeOf } from './known-times.ts';

/** The most times computed in one visit: about a third of a second of simulation. */
const MOST_COMPUTED = 8000;

/**
 * Improves the best of each subspace, where a time is computed and costs nothing to ask: by single changes, then by
 * pairs, until none helps. A gain compares the bests of two subspaces, so what the search has missed in one of them
 * would be told as a gain. Finds what is faster than all that was timed. Between subspaces the event loop has its turn.
 */
export async function polished(
  { space: whole, subspaces }: Study,
  timed: readonly TimedPoint[],
  timeOf: TimeOf,
): Promise<readonly TimedPoint[]> {
  const times = new KnownTimes(whole, timed, timeOf, MOST_COMPUTED);
  // The whole space first: it is what is recommended.
  const spaces = [whole, ...subspaces.all.map(({ space }) => space)];
  const before = spaces.map((space) => times.bestIn(space)?.timeUs ?? Number.POSITIVE_INFINITY);
  const bests: (TimedPoint | undefined)[] = [];
  for (const space of spaces) {
    bests.push(times.improve(space));
    await nextTurn();
  }
  // Once more where the search of another subspace has found something faster since.
  const found = spaces.map((space, place) => {
    const [best, since] = [bests[place], times.bestIn(space)];
    return best === undefined || since === undefined || since.timeUs >= best.timeUs
      ? best
      : times.improve(space);
  });
  return found.flatMap((best, place) => (best !== undefined && best.timeUs < before[place] ? [best] : []));
}

/** The fastest of a space that is found from these configurations, how many times were computed, and all of them, fastest first. */
export function fastestFrom(
  space: SearchSpace,
  starts: readonly Configuration[],
  timeOf: TimeOf,
): Readonly<{ best: TimedPoint | undefined; computed: number; known: readonly TimedPoint[] }> {
  const times = new KnownTimes(space, [], timeOf, MOST_COMPUTED);
  times.of(
    space,
    starts.map((configuration) => space.indexOf(configuration)).filter((index) => index >= 0),
  );
  const best = times.improve(space);
  return { best, computed: times.computed, known: times.fastestFirst() };
}
