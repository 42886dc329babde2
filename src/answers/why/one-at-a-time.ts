import type { Configuration } from '../../../search-space/parameter.ts';

/** A configuration on the way, with the parameters that changed to reach it: one, wherever that is possible. */
export type WayPoint = Readonly<{ changed: readonly string[]; configuration: Configuration }>;

/** What is known of a configuration on the way: in µs; undefined where it is not possible or nothing tells. */
type TimeOf = (configuration: Configuration) => number | undefined;

/** More changes at once are not tried: then all that are left change together. */
export const MOST_AT_ONCE = 3;

/**
 * The way from one configuration to another, one parameter at a time: of the changes that are possible, always the one
 * that leaves the shortest time. Parameters of which none can change alone, or only without a gain, change together where
 * that gains more: a gain that takes both is not told as that of the last. What is without effect at the end changes last.
 */
export function oneAtATime(
  from: Configuration,
  to: Configuration,
  timeOf: TimeOf,
  withoutEffect: readonly string[] = [],
): readonly WayPoint[] {
  const way: WayPoint[] = [];
  const changing = Object.keys(to).filter((name) => from[name] !== to[name]);
  let here = from;
  for (;;) {
    const left = changing.filter((name) => here[name] !== to[name] && !withoutEffect.includes(name));
    if (left.length === 0) break;
    const changed = nextChange(here, to, left, timeOf);
    here = changedTo(here, to, changed);
    way.push({ changed, configuration: here });
  }
  const last = changing.filter((name) => withoutEffect.includes(name));
  const after = last.map((name) => {
    here = changedTo(here, to, [name]);
    return { changed: [name], configuration: here };
  });
  return [...withoutLastLoss(way, timeOf), ...after];
}

/** A step that loses is the price of another: the last one has none after it, and so is told with the one before. */
function withoutLastLoss(way: readonly WayPoint[], timeOf: TimeOf): readonly WayPoint[] {
  const [before, last] = way.slice(-2);
  if (last === undefined) return way;
  const [beforeUs, lastUs] = [timeOf(before.configuration), timeOf(last.configuration)];
  if (beforeUs === undefined || lastUs === undefined || lastUs <= beforeUs) return way;
  const changed = [...before.changed, ...last.changed];
  return [...way.slice(0, -2), { changed, configuration: last.configuration }];
}

/** Of the single changes, and of the sets of which no part gains anything, the one that gains most. */
function nextChange(
  here: Configuration,
  to: Configuration,
  left: readonly string[],
  timeOf: TimeOf,
): readonly string[] {
  const hereUs = timeOf(here) ?? Number.POSITIVE_INFINITY;
  const possible: { names: readonly string[]; timeUs: number }[] = [];
  for (let count = 1; count <= Math.min(MOST_AT_ONCE, left.length); count++) {
    for (const names of setsOf(left, count)) {
      const isPart = ({ names: part, timeUs }: (typeof possible)[number]): boolean =>
        timeUs < hereUs && part.every((name) => names.includes(name));
      if (possible.some(isPart)) continue;
      const timeUs = timeOf(changedTo(here, to, names));
      if (timeUs !== undefined) possible.push({ names, timeUs });
    }
  }
  if (possible.length === 0) return left;
  return possible.reduce((best, one) => (one.timeUs < best.timeUs ? one : best)).names;
}

function changedTo(here: Configuration, to: Configuration, names: readonly string[]): Configuration {
  return { ...here, ...Object.fromEntries(names.map((name) => [name, to[name]])) };
}

function setsOf(names: readonly string[], count: number): readonly (readonly string[])[] {
  if (count === 0) return [[]];
  return names.flatMap((first, place) =>
    setsOf(names.slice(place + 1), count - 1).map((rest) => [first, ...rest]),
  );
}
