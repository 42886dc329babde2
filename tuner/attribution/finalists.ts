import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import { subsetName } from '../../search-space/restriction.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { distinctConfigurations } from '../distinct.ts';
import type { Contender } from '../measurement/entrant.ts';
import type { Study } from '../study-definition.ts';
import type { TimedPoint } from './known-times.ts';
import { bestOnOtherSets, type TimeOn } from './other-sets.ts';
import { polished } from './polish.ts';
import { simplest } from './simplest.ts';
import { simplestComputed } from './simplest-computed.ts';
import { permittedOnly, type Subspace } from './subspaces.ts';

/** Trials within this share of the fastest may be as fast; the simplest of them is compared too. */
const TIE = 0.01;

export type Finalists = Readonly<{ contenders: readonly Contender[]; fixedTile: FixedTile }>;

/** The configurations of the ladder of one schedule, or why it has none. */
type FixedTile = readonly Configuration[] | Readonly<{ reason: string }>;

/** Times that are computed, on so many parameter sets. */
export type ComputedTimes = Readonly<{ timeOn: TimeOn; sets: number }>;

/** How many of the fastest trials are compared: of the whole space, whose best is recommended, and of each subspace. */
type Depth = Readonly<{ whole: number; subspace: number }>;

/**
 * What is compared in the end: the default, the best trials of the whole space and of each subspace, the
 * simplest of the fastest, and the rungs of the fixed-tile ladder. Null where nothing was timed. Where times are `computed`
 * the best of each subspace is improved first, and what is faster on other parameter sets joins.
 */
export async function finalistsOf(
  study: Study,
  log: readonly SettledTrial[],
  depth: Depth,
  computed?: ComputedTimes,
): Promise<Finalists | null> {
  const isDefault = isTrialOf(study.default, study.space);
  const trials = log.filter((trial) => trial.state === 'timed');
  const better =
    computed === undefined
      ? []
      : await polished(study, trials, (configuration) => computed.timeOn(configuration, 0));
  const timed = [...trials, ...better].sort((a, b) => a.timeUs - b.timeUs);
  const inSpace = timed.filter(({ configuration }) => study.space.has(configuration));
  if (inSpace.length === 0) return null;
  const fixedTile = fixedTileOf(study, inSpace[0].configuration);
  const rungs = 'reason' in fixedTile ? [] : fixedTile;
  const best = [
    bestOf({ name: 'whole', space: study.space }, timed, depth.whole),
    ...study.subspaces.all.map((subspace) => bestOf(subspace, timed, depth.subspace)),
  ];
  const contenders: Contender[] = [
    ...timed.filter(isDefault).map(asDefault),
    // Where time is short only the first ones meet: of every subspace the best must be among them.
    ...best.flatMap((some) => some.slice(0, 1)),
    { label: 'simplest', configuration: simplestTie(study, inSpace, computed) },
    ...rungs.map((configuration) => ({ label: 'fixed tile', configuration })),
    ...best.flatMap((some) => some.slice(1)),
    // Last, because the first is what all others are measured against.
    ...log.filter(isDisturbed).filter(isDefault).map(asDefault),
  ];
  if (computed !== undefined) contenders.push(...(await bestOnOtherSets(study, contenders, computed)));
  return { contenders: distinctConfigurations(study.space.parameters, contenders), fixedTile };
}

/** The winner's schedule, with its mechanisms added one by one. */
function fixedTileOf({ space, subspaces, objective }: Study, winner: Configuration): FixedTile {
  if (objective !== undefined && objective.limits.length > 0)
    return { reason: 'its rungs may be over the limits' };
  const configurations: Configuration[] = [];
  for (const permitted of subspaces.rungs) {
    const configuration = permittedOnly(winner, space.parameters, permitted);
    if (!space.has(configuration))
      return { reason: `the winner's schedule is not in the space at rung ${subsetName(permitted)}` };
    configurations.push(configuration);
  }
  return configurations;
}

function asDefault({ configuration }: TimedPoint | SettledTrial): Contender {
  return { label: 'default', configuration };
}

/** A disturbed default may still be timed in the comparison, when the machine is quieter. */
function isDisturbed(trial: SettledTrial): boolean {
  return trial.state === 'invalid' && trial.reason === 'disturbed';
}

function isTrialOf(wanted: Configuration, { parameters }: Study['space']) {
  const key = configurationKey(parameters, wanted);
  return ({ configuration }: Pick<SettledTrial, 'configuration'>): boolean =>
    configurationKey(parameters, configuration) === key;
}

function bestOf(
  { name, space }: Pick<Subspace, 'name' | 'space'>,
  timed: readonly TimedPoint[],
  depth: number,
): readonly Contender[] {
  const found: Contender[] = [];
  for (const { configuration } of timed) {
    if (found.length === depth) break;
    if (space.has(configuration)) found.push({ label: name, configuration });
  }
  return found;
}

function simplestTie(
  study: Study,
  timed: readonly TimedPoint[],
  computed: ComputedTimes | undefined,
): Configuration {
  if (computed !== undefined)
    return simplestComputed(study, timed, (configuration) => computed.timeOn(configuration, 0));
  const ties = timed.filter(({ timeUs }) => timeUs <= timed[0].timeUs * (1 + TIE));
  return simplest(
    study,
    ties.map(({ configuration }) => configuration),
  );
}
