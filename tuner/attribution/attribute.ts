import type { Configuration, Mechanism } from '../../search-space/parameter.ts';
import { MECHANISMS } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { LadderRung, MechanismGains } from './findings.ts';
import { estimate, type Gain, quotient, ratio, type TimeOf, timeOf } from './gain.ts';
import { forcedName, mechanismsOf, type Region, unservedName } from './regions.ts';

/** A comparison read as: which variant is the best of each region. */
export type Champions = Readonly<{
  comparison: Comparison;
  mechanisms: ReadonlySet<Mechanism>;
  /** Variant's place by region name; a region without a timed variant is absent. */
  places: ReadonlyMap<string, number>;
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
  const places = new Map<string, number>();
  for (const { name, space: within } of regions) {
    const place = fastest(comparison, times, within);
    if (place !== undefined) places.set(name, place);
  }
  return { comparison, mechanisms: mechanismsOf(space.parameters), places };
}

function fastest(
  comparison: Comparison,
  times: readonly (number | null)[],
  space: SearchSpace,
): number | undefined {
  let best: number | undefined;
  comparison.variants.forEach(({ configuration }, place) => {
    const time = times[place];
    if (time === null || !space.has(configuration)) return;
    if (best === undefined || time < (times[best] ?? Number.POSITIVE_INFINITY)) best = place;
  });
  return best;
}

/** scalar, +vec, +mt, +db; null for a space without mechanisms. */
export function tunedLadder(champions: Champions): readonly LadderRung[] | null {
  if (champions.mechanisms.size === 0) return null;
  const places = ladderSubsets(champions.mechanisms).map(([, subset]) => champions.places.get(subset));
  return ladderOf(
    champions.comparison,
    places,
    ladderSubsets(champions.mechanisms).map(([rung]) => rung),
  );
}

/** Rungs along given variants; null where one of them has no time. */
export function ladderOf(
  comparison: Comparison,
  places: readonly (number | undefined)[],
  names: readonly string[],
): readonly LadderRung[] | null {
  const rungs: LadderRung[] = [];
  for (const [step, place] of places.entries()) {
    const timeUs = place === undefined ? null : microseconds(comparison, place);
    if (place === undefined || timeUs === null) return null;
    rungs.push({
      rung: names[step],
      configuration: comparison.variants[place].configuration,
      timeUs,
      gainOverPrevious: ratio(comparison, places[Math.max(0, step - 1)] ?? place, place),
      gainOverScalar: ratio(comparison, places[0] ?? place, place),
    });
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

export function gainsOf(champions: Champions): Readonly<Partial<Record<Mechanism, MechanismGains>>> {
  return Object.fromEntries(
    [...champions.mechanisms].map((mechanism) => [mechanism, gainsOfOne(champions, mechanism)]),
  );
}

function gainsOfOne(champions: Champions, mechanism: Mechanism): MechanismGains {
  const all = subsetName(champions.mechanisms);
  const without = subsetName(new Set([...champions.mechanisms].filter((other) => other !== mechanism)));
  const unserved = unservedName(mechanism);
  const gains = {
    alone: between(champions, subsetName(new Set()), subsetName(new Set([mechanism]))),
    leftOut: between(champions, without, all),
    forced: between(champions, without, forcedName(mechanism)),
    shapleyShare: shapleyShare(champions, mechanism),
  };
  if (!champions.places.has(unserved)) return gains;
  return {
    ...gains,
    parts: { service: between(champions, unserved, without), itself: between(champions, without, all) },
  };
}

function between(champions: Champions, before: string, after: string): Gain | null {
  const from = champions.places.get(before);
  const to = champions.places.get(after);
  return from === undefined || to === undefined ? null : ratio(champions.comparison, from, to);
}

/**
 * Shapley value of a mechanism in the game v(S) = ln(T(∅) / T(S)), as a share of v(all):
 * Σ over S without m of |S|! (n − |S| − 1)! / n! · (v(S ∪ m) − v(S)).
 */
function shapleyShare(champions: Champions, mechanism: Mechanism): Gain | null {
  const players = [...champions.mechanisms];
  const others = players.filter((player) => player !== mechanism);
  const orders = factorial(players.length);
  return estimate(champions.comparison, (time) => {
    const worth = (members: readonly Mechanism[]): number => speedUp(champions, time, members);
    const total = worth(players);
    if (!(total >= Math.log(1.01))) return null;
    let value = 0;
    for (let bits = 0; bits < 1 << others.length; bits++) {
      const team = others.filter((_, place) => (bits >> place) & 1);
      const weight = (factorial(team.length) * factorial(others.length - team.length)) / orders;
      value += weight * (worth([...team, mechanism]) - worth(team));
    }
    return value / total;
  });
}

function speedUp(champions: Champions, time: TimeOf, members: readonly Mechanism[]): number {
  const scalar = champions.places.get(subsetName(new Set()));
  const place = champions.places.get(subsetName(new Set(members)));
  if (scalar === undefined || place === undefined) return Number.NaN;
  return Math.log(quotient(time(scalar), time(place)) ?? Number.NaN);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** The time of one variant in a comparison: nominal, or the median of its clean samples. Microseconds. */
export function microseconds(comparison: Comparison, place: number): number | null {
  if (comparison.kind === 'ensemble') return comparison.roundsUs[0][place];
  const clean = comparison.roundsUs.map((round) => round[place]).filter((time) => time !== null);
  return clean.length === 0 ? null : clean.sort((a, b) => a - b)[Math.floor(clean.length / 2)];
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
