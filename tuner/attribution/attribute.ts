import type { Configuration, Mechanism, Parameter } from '../../search-space/parameter.ts';
import { MECHANISMS } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Comparison } from '../../store/comparison.ts';
import { median } from '../measurement/statistics.ts';
import type { LadderRung } from './findings.ts';
import { estimate, type Gain, quotient, type TimeOf, timeOf } from './gain.ts';
import { mechanismsOf, type Region } from './regions.ts';

/** The best of a region: its variant's place in the comparison, and the places of all its variants. */
export type Champion = Readonly<{ place: number; members: readonly number[] }>;

/** A comparison read as: which variant is the best of each region. */
export type Champions = Readonly<{
  comparison: Comparison;
  parameters: readonly Parameter[];
  mechanisms: ReadonlySet<Mechanism>;
  /** Names of all regions. */
  regions: ReadonlySet<string>;
  /** By region name; a region without a timed variant is absent. */
  byRegion: ReadonlyMap<string, Champion>;
}>;

/**
 * Every variant counts in every region that contains it. As the subsets are nested, the time of the
 * best never rises from a subset to a larger one: the larger inherits the smaller's.
 */
export function championsOf(
  comparison: Comparison,
  space: SearchSpace,
  regions: readonly Region[],
): Champions {
  const times = comparison.variants.map((_, place) => timeOf(comparison)(place));
  const byRegion = new Map<string, Champion>();
  for (const { name, space: within } of regions) {
    const members = comparison.variants.flatMap(({ configuration }, place) =>
      times[place] !== null && within.has(configuration) ? [place] : [],
    );
    const place = fastest(times, members);
    if (place !== undefined) byRegion.set(name, { place, members });
  }
  const { parameters } = space;
  const names = new Set(regions.map(({ name }) => name));
  return { comparison, parameters, mechanisms: mechanismsOf(parameters), regions: names, byRegion };
}

function fastest(times: readonly (number | null)[], members: readonly number[]): number | undefined {
  const time = (place: number): number => times[place] ?? Number.POSITIVE_INFINITY;
  return members.reduce<number | undefined>(
    (best, place) => (best === undefined || time(place) < time(best) ? place : best),
    undefined,
  );
}

/**
 * The time of a region's best. On another parameter set of a simulated machine another variant may be
 * the best, so each set is asked for its own; on a noisy clock that would be choosing the luckiest.
 */
export function bestTime({ kind }: Comparison, { place, members }: Champion, time: TimeOf): number | null {
  if (kind === 'sampled') return time(place);
  const times = members.map(time).filter((value) => value !== null);
  return times.length === 0 ? null : Math.min(...times);
}

export function gainOver(comparison: Comparison, before: Champion, after: Champion): Gain | null {
  return estimate(comparison, (time) =>
    quotient(bestTime(comparison, before, time), bestTime(comparison, after, time)),
  );
}

/** scalar, +vec, +mt, +db; null for a space without mechanisms. */
export function tunedLadder({ comparison, mechanisms, byRegion }: Champions): readonly LadderRung[] | null {
  if (mechanisms.size === 0) return null;
  const rungs = ladderSubsets(mechanisms).map(([rung, subset]) => [rung, byRegion.get(subset)] as const);
  return ladderOf(comparison, rungs);
}

/** Rungs of one configuration each, in the order of `ladderSubsets`. */
export function fixedLadder(
  comparison: Comparison,
  places: readonly (number | undefined)[],
): readonly LadderRung[] | null {
  const names = ladderSubsets(new Set()).map(([rung]) => rung);
  const rungs = places.map(
    (place, step) => [names[step], place === undefined ? undefined : { place, members: [place] }] as const,
  );
  return ladderOf(comparison, rungs);
}

/** Null where one of the rungs has no time. */
function ladderOf(
  comparison: Comparison,
  steps: readonly (readonly [string, Champion | undefined])[],
): readonly LadderRung[] | null {
  const rungs: LadderRung[] = [];
  let [first, previous]: (Champion | undefined)[] = [];
  for (const [rung, champion] of steps) {
    const timeUs = champion === undefined ? null : microseconds(comparison, champion.place);
    if (champion === undefined || timeUs === null) return null;
    first ??= champion;
    rungs.push({
      rung,
      configuration: comparison.variants[champion.place].configuration,
      timeUs,
      gainOverPrevious: gainOver(comparison, previous ?? champion, champion),
      gainOverScalar: gainOver(comparison, first, champion),
    });
    previous = champion;
  }
  return rungs;
}

/** Rung names with the subset of present mechanisms each permits. */
export function ladderSubsets(present: ReadonlySet<Mechanism>): readonly (readonly [string, string])[] {
  return Array.from({ length: MECHANISMS.length + 1 }, (_, count) => {
    const permitted = MECHANISMS.slice(0, count);
    return [
      subsetName(new Set(permitted)),
      subsetName(new Set(permitted.filter((mechanism) => present.has(mechanism)))),
    ] as const;
  });
}

/**
 * The time of one variant in a comparison: nominal, or its ratio to the first in the same round, times
 * the first's own median, so that times and gains never contradict each other. Microseconds.
 */
export function microseconds(comparison: Comparison, place: number): number | null {
  const time = timeOf(comparison)(place);
  if (comparison.kind === 'ensemble' || time === null) return time;
  return time * median(comparison.roundsUs.map(([first]) => first).filter((first) => first !== null));
}

/** One tile and staging kept, mechanisms added one by one as the winner has them (the papers' way). */
export function fixedTileConfigurations(
  space: SearchSpace,
  winner: Configuration,
): readonly Configuration[] | Readonly<{ reason: string }> {
  const configurations: Configuration[] = [];
  for (let count = 0; count <= MECHANISMS.length; count++) {
    const permitted = new Set(MECHANISMS.slice(0, count));
    const entries = space.parameters.map(({ name, tag, off }) => {
      const held = tag !== 'schedule' && !permitted.has(tag) && off !== undefined;
      return [name, held ? off : winner[name]] as const;
    });
    const configuration = Object.fromEntries(entries);
    if (!space.has(configuration)) {
      return { reason: `the winner's schedule is not in the space at rung ${subsetName(permitted)}` };
    }
    configurations.push(configuration);
  }
  return configurations;
}
