import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Study } from '../study-definition.ts';
import { KnownTimes, type TimedPoint, type TimeOf } from './known-times.ts';

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
  { space: whole, subspaces }: Study,
  timed: readonly TimedPoint[],
  timeOf: TimeOf,
): readonly TimedPoint[] {
  const times = new KnownTimes(whole, timed, timeOf, MOST_COMPUTED);
  // The whole space first: it is what is recommended.
  const spaces = [whole, ...subspaces.all.map(({ space }) => space)];
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
  const times = new KnownTimes(space, [], timeOf, MOST_COMPUTED);
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

/** The fastest that changes lead to from a start: single ones, and `inPairs` also two at once. */
export function climb(
  space: SearchSpace,
  start: TimedPoint,
  times: KnownTimes,
  inPairs: boolean,
): TimedPoint {
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
