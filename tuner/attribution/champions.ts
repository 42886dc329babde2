import type { Mechanism, Parameter } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Comparison } from '../../store/comparison.ts';
import { estimate, type Gain, quotientOf, type VariantTime, variantTime } from './gain.ts';
import { alwaysOn, mechanismsOf, type Subspace } from './subspaces.ts';

/** The fastest variant of a subspace, by its place in the comparison, and the places of all its variants. */
export type Champion = Readonly<{ place: number; members: readonly number[] }>;

/** A comparison with the champion of each subspace. */
export type Champions = Readonly<{
  comparison: Comparison;
  parameters: readonly Parameter[];
  mechanisms: ReadonlySet<Mechanism>;
  /** Those that no configuration has off. */
  held: ReadonlySet<Mechanism>;
  /** Names of all subspaces. */
  subspaces: ReadonlySet<string>;
  /** By the name of the subspace; one without a timed variant is absent. */
  bySubspace: ReadonlyMap<string, Champion>;
}>;

/**
 * Every variant counts in every subspace that contains it. As the subsets of mechanisms are nested, the
 * champion's time never rises from a subset to a larger one: the larger contains the smaller's champion.
 */
export function championsOf(
  comparison: Comparison,
  space: SearchSpace,
  subspaces: readonly Subspace[],
): Champions {
  const times = comparison.variants.map((_, place) => variantTime(comparison)(place));
  const bySubspace = new Map<string, Champion>();
  for (const { name, space: within } of subspaces) {
    const members = comparison.variants.flatMap(({ configuration }, place) =>
      times[place] !== null && within.has(configuration) ? [place] : [],
    );
    const place = fastest(times, members);
    if (place !== undefined) bySubspace.set(name, { place, members });
  }
  const { parameters } = space;
  const names = new Set(subspaces.map(({ name }) => name));
  const mechanisms = mechanismsOf(parameters);
  return {
    comparison,
    parameters,
    mechanisms,
    held: alwaysOn(parameters, subspaces),
    subspaces: names,
    bySubspace,
  };
}

function fastest(times: readonly (number | null)[], members: readonly number[]): number | undefined {
  const time = (place: number): number => times[place] ?? Number.POSITIVE_INFINITY;
  return members.reduce<number | undefined>(
    (best, place) => (best === undefined || time(place) < time(best) ? place : best),
    undefined,
  );
}

/**
 * The best time of a subspace. On another parameter set of a simulated machine another variant may be the
 * fastest, so each set takes its own; on a noisy clock that would choose the luckiest.
 */
export function bestTime(
  { kind }: Comparison,
  { place, members }: Champion,
  time: VariantTime,
): number | null {
  if (kind === 'sampled') return time(place);
  const times = members.map(time).filter((value) => value !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** The gain of the champion of one subspace over that of another. */
export function gainOver(comparison: Comparison, before: Champion, after: Champion): Gain | null {
  return estimate(comparison, (time) =>
    quotientOf(bestTime(comparison, before, time), bestTime(comparison, after, time)),
  );
}
