import {
  type Configuration,
  MECHANISMS,
  type Mechanism,
  type Parameter,
} from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { type Champions, explained, gainBetween } from './champions.ts';
import type { LadderRung } from './findings.ts';
import { type GainFigure, isKnown, microseconds, ratio, unknown } from './gain.ts';
import { alwaysOn, mechanismsOf, permittedOnly, type Subspace } from './subspaces.ts';

/** The rungs of a ladder of all mechanisms, each of which can be off. */
export const ALL_RUNGS: readonly string[] = Object.freeze(
  rungsWith(new Set(MECHANISMS), new Set()).map(subsetName),
);

const ITSELF: GainFigure = Object.freeze({ value: 1, low: 1, high: 1 });

/**
 * The rungs scalar, vec, vec+mt, vec+mt+db, each tuned; null for a space without mechanisms, or where the first rung
 * has no time. A mechanism that no parameter of the space has adds no rung. A rung that no trial shows is unknown.
 */
export function tunedLadder(champions: Champions): readonly LadderRung[] | null {
  const { mechanisms, held } = champions;
  if (mechanisms.size === 0) return null;
  const names = rungsWith(mechanisms, held).map(subsetName);
  const rungs: LadderRung[] = [];
  for (const [step, name] of names.entries()) {
    const rung = tunedRung(champions, names, step, rungs.at(-1));
    if (rung === null) return null;
    rungs.push({ ...rung, rung: name });
  }
  return rungs;
}

function tunedRung(
  champions: Champions,
  names: readonly string[],
  step: number,
  previous: LadderRung | undefined,
): Omit<LadderRung, 'rung'> | null {
  const { comparison, bySubspace } = champions;
  const champion = bySubspace.get(names[step]);
  const timeUs = champion === undefined ? null : microseconds(comparison, champion.place);
  if (champion === undefined || timeUs === null) return null;
  const { configuration } = comparison.variants[champion.place];
  if (previous === undefined)
    return { configuration, timeUs, gainOverPrevious: ITSELF, gainOverScalar: ITSELF };
  const gain = (first: string): GainFigure =>
    gainBetween(champions, { first, second: names[step], isPart: true });
  const over = gainBetween(champions, {
    ...{ first: names[step - 1], second: names[step], isPart: true },
    ...addedBy(names[step]),
  });
  if (!isKnown(over) && over.unknown !== 'searched too little')
    return { configuration: null, timeUs: null, gainOverPrevious: over, gainOverScalar: over };
  const gainOverPrevious = previous.timeUs === null ? unknownStep(previous) : over;
  return { configuration, timeUs, gainOverPrevious, gainOverScalar: gain(names[0]) };
}

/** The mechanism that a rung adds to the one before. */
function addedBy(rung: string): Readonly<{ mechanism?: Mechanism }> {
  const mechanism = MECHANISMS.find((each) => each === rung.split('+').at(-1));
  return mechanism === undefined ? {} : { mechanism };
}

function unknownStep({ rung }: LadderRung): GainFigure {
  return unknown('not tried', `the rung before, ${rung}, is unknown`);
}

/** The same rungs of one configuration each, given by their places in the comparison. Null where one has no time. */
export function fixedTileLadder(
  { comparison, explain }: Pick<Champions, 'comparison' | 'explain'>,
  { parameters }: SearchSpace,
  subspaces: readonly Subspace[],
  places: readonly (number | undefined)[],
): readonly LadderRung[] | null {
  const names = rungsOf(parameters, subspaces).map(subsetName);
  const rungs: LadderRung[] = [];
  for (const [step, place] of places.entries()) {
    const timeUs = place === undefined ? null : microseconds(comparison, place);
    if (place === undefined || timeUs === null) return null;
    const gain = (before = place, isStep = false): GainFigure => {
      const found = ratio(comparison, before, place);
      if (found === null) return unknown('disturbed', 'no clean sample in the final comparison');
      const { mechanism } = addedBy(names[step]);
      if (!isStep || before === place || mechanism === undefined) return found;
      return explained(found, { comparison, explain }, mechanism, [before, place]);
    };
    rungs.push({
      rung: names[step],
      configuration: comparison.variants[place].configuration,
      timeUs,
      gainOverPrevious: step > 0 && places[step - 1] === place ? NOT_USED : gain(places[step - 1], true),
      gainOverScalar: step > 0 && places[0] === place ? NOT_USED : gain(places[0]),
    });
  }
  return rungs;
}

const NOT_USED = unknown('not applicable', 'the fastest configuration does not use it');

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
