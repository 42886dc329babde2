import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Contender } from '../measurement/compare.ts';
import type { Study } from '../study.ts';
import { fixedTileConfigurations } from './attribute.ts';
import type { Region } from './regions.ts';
import { simplest } from './simplest.ts';

type Timed = Extract<SettledTrial, { state: 'timed' }>;

/** Trials within this of the fastest may be as good; the simplest of them meets it in the comparison. */
const TIE = 0.01;

export type Finalists = Readonly<{
  contenders: readonly Contender[];
  fixedTile: ReturnType<typeof fixedTileConfigurations>;
}>;

/** How many of the fastest trials meet again: of the whole space, whose best is recommended, and of each region. */
type Depth = Readonly<{ whole: number; region: number }>;

/**
 * Who meets in the final comparison: the default, the best trials of the whole space and of each region,
 * the simplest among equals, and the rungs of the fixed-tile ladder. Null before anything was timed.
 */
export function finalistsOf(
  study: Study,
  regions: readonly Region[],
  log: readonly SettledTrial[],
  depth: Depth,
): Finalists | null {
  const timed = log.filter((trial) => trial.state === 'timed').sort((a, b) => a.timeUs - b.timeUs);
  const inSpace = timed.filter(({ configuration }) => study.space.has(configuration));
  if (inSpace.length === 0) return null;
  const fixedTile = fixedTileConfigurations(study.space, inSpace[0].configuration);
  const rungs = 'reason' in fixedTile ? [] : fixedTile;
  const contenders: Contender[] = [
    ...timed.filter(isDefault(study)).map(asDefault),
    ...bestOf({ name: 'whole', space: study.space }, timed, depth.whole),
    ...regions.flatMap((region) => bestOf(region, timed, depth.region)),
    { label: 'simplest', configuration: simplestTie(study, inSpace) },
    ...rungs.map((configuration) => ({ label: 'fixed tile', configuration })),
    // Last, because the first is what all others are measured against.
    ...log.filter(isDisturbed).filter(isDefault(study)).map(asDefault),
  ];
  return { contenders: unique(study, contenders), fixedTile };
}

function asDefault({ configuration }: SettledTrial): Contender {
  return { label: 'default', configuration };
}

/** Nothing is known of it yet: the comparison may find a quieter machine. */
function isDisturbed(trial: SettledTrial): boolean {
  return trial.state === 'invalid' && trial.reason === 'disturbed';
}

function isDefault({ space, default: preferred }: Study): (trial: SettledTrial) => boolean {
  const key = configurationKey(space.parameters, preferred);
  return ({ configuration }) => configurationKey(space.parameters, configuration) === key;
}

function bestOf(
  { name, space }: Pick<Region, 'name' | 'space'>,
  timed: readonly Timed[],
  depth: number,
): readonly Contender[] {
  const found: Contender[] = [];
  for (const { configuration } of timed) {
    if (found.length === depth) break;
    if (space.has(configuration)) found.push({ label: name, configuration });
  }
  return found;
}

function simplestTie(study: Study, timed: readonly Timed[]): Configuration {
  const ties = timed.filter(({ timeUs }) => timeUs <= timed[0].timeUs * (1 + TIE));
  return simplest(
    study,
    ties.map(({ configuration }) => configuration),
  );
}

function unique({ space }: Study, contenders: readonly Contender[]): readonly Contender[] {
  const seen = new Set<string>();
  return contenders.filter(({ configuration }) => {
    const key = configurationKey(space.parameters, configuration);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
