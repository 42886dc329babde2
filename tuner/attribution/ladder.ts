import {
  type Configuration,
  MECHANISMS,
  type Mechanism,
  type Parameter,
} from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Comparison } from '../../store/comparison.ts';
import { type Champion, type Champions, gainOver } from './champions.ts';
import type { LadderRung } from './findings.ts';
import { microseconds } from './gain.ts';
import { alwaysOn, mechanismsOf, permittedOnly, type Subspace } from './subspaces.ts';

/** The rungs of a ladder of all mechanisms, each of which can be off. */
export const ALL_RUNGS: readonly string[] = Object.freeze(
  rungsWith(new Set(MECHANISMS), new Set()).map(subsetName),
);

/**
 * The rungs scalar, vec, vec+mt, vec+mt+db, each tuned; null for a space without mechanisms. A mechanism that no
 * parameter of the space has adds no rung.
 */
export function tunedLadder(champions: Champions): readonly LadderRung[] | null {
  const { comparison, mechanisms, held, bySubspace } = champions;
  if (mechanisms.size === 0) return null;
  const rungs = rungsWith(mechanisms, held).map((permitted) => {
    const name = subsetName(permitted);
    return [name, bySubspace.get(name)] as const;
  });
  return ladderOf(comparison, rungs);
}

/** The same rungs of one configuration each, given by their places in the comparison. */
export function fixedTileLadder(
  comparison: Comparison,
  { parameters }: SearchSpace,
  subspaces: readonly Subspace[],
  places: readonly (number | undefined)[],
): readonly LadderRung[] | null {
  const names = rungsOf(parameters, subspaces).map(subsetName);
  const rungs = places.map(
    (place, step) => [names[step], place === undefined ? undefined : { place, members: [place] }] as const,
  );
  return ladderOf(comparison, rungs);
}

/** The configurations of that ladder: the winner's schedule, with its mechanisms added one by one. */
export function fixedTileConfigurations(
  space: SearchSpace,
  subspaces: readonly Subspace[],
  winner: Configuration,
): readonly Configuration[] | Readonly<{ reason: string }> {
  const configurations: Configuration[] = [];
  for (const permitted of rungsOf(space.parameters, subspaces)) {
    const configuration = permittedOnly(winner, space.parameters, permitted);
    if (!space.has(configuration)) {
      return { reason: `the winner's schedule is not in the space at rung ${subsetName(permitted)}` };
    }
    configurations.push(configuration);
  }
  return configurations;
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

function rungsOf(
  parameters: readonly Parameter[],
  subspaces: readonly Subspace[],
): readonly ReadonlySet<Mechanism>[] {
  return rungsWith(mechanismsOf(parameters), alwaysOn(parameters, subspaces));
}

/** What each rung permits: one mechanism more than the rung before, and always what cannot be off. */
function rungsWith(
  present: ReadonlySet<Mechanism>,
  held: ReadonlySet<Mechanism>,
): readonly ReadonlySet<Mechanism>[] {
  const added = MECHANISMS.filter((mechanism) => present.has(mechanism) && !held.has(mechanism));
  return Array.from({ length: added.length + 1 }, (_, count) => new Set([...held, ...added.slice(0, count)]));
}
