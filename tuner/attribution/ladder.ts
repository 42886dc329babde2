import { type Configuration, MECHANISMS, type Mechanism } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Comparison } from '../../store/comparison.ts';
import { type Champion, type Champions, gainOver } from './champions.ts';
import type { LadderRung } from './findings.ts';
import { microseconds } from './gain.ts';
import { permittedOnly } from './subspaces.ts';

/** The rungs scalar, vec, vec+mt, vec+mt+db, each tuned; null for a space without mechanisms. */
export function tunedLadder({ comparison, mechanisms, bySubspace }: Champions): readonly LadderRung[] | null {
  if (mechanisms.size === 0) return null;
  const rungs = ladderSubsets(mechanisms).map(([rung, subset]) => [rung, bySubspace.get(subset)] as const);
  return ladderOf(comparison, rungs);
}

/** The same rungs of one configuration each, given by their places in the comparison. */
export function fixedTileLadder(
  comparison: Comparison,
  places: readonly (number | undefined)[],
): readonly LadderRung[] | null {
  const names = ladderSubsets(new Set()).map(([rung]) => rung);
  const rungs = places.map(
    (place, step) => [names[step], place === undefined ? undefined : { place, members: [place] }] as const,
  );
  return ladderOf(comparison, rungs);
}

/** The configurations of that ladder: the winner's schedule, with its mechanisms added one by one. */
export function fixedTileConfigurations(
  space: SearchSpace,
  winner: Configuration,
): readonly Configuration[] | Readonly<{ reason: string }> {
  const configurations: Configuration[] = [];
  for (let count = 0; count <= MECHANISMS.length; count++) {
    const permitted = new Set(MECHANISMS.slice(0, count));
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

/** The names of the rungs, each with the name of the subset that it permits of the mechanisms present. */
function ladderSubsets(present: ReadonlySet<Mechanism>): readonly (readonly [string, string])[] {
  return Array.from({ length: MECHANISMS.length + 1 }, (_, count) => {
    const permitted = MECHANISMS.slice(0, count);
    return [
      subsetName(new Set(permitted)),
      subsetName(new Set(permitted.filter((mechanism) => present.has(mechanism)))),
    ] as const;
  });
}
