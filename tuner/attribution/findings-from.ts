import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { SettledCounts } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Provenance } from '../backend.ts';
import type { StopReason } from '../budget.ts';
import type { Study } from '../study-definition.ts';
import { warningsOf } from '../warnings.ts';
import { championsOf } from './champions.ts';
import type { Finalists } from './finalists.ts';
import type { Findings, TimedConfiguration } from './findings.ts';
import { microseconds, ratio, variantTime } from './gain.ts';
import { fixedTileLadder, tunedLadder } from './ladder.ts';
import { gainsOf } from './mechanism-gains.ts';
import { simplest } from './simplest.ts';
import { mechanismsOf, type Subspace } from './subspaces.ts';

/** Without an interval a configuration is as fast as the winner within this factor … */
const TIE = 1.01;
/** … and with one, where the interval reaches 1, within this: a disturbed machine's intervals are wide. */
const WIDEST_TIE = 1.02;

/** What the findings of a visit are made from besides its final comparison. */
type Searched = Readonly<{
  subspaces: readonly Subspace[];
  log: readonly SettledTrial[];
  stoppedBy: StopReason;
}>;

/** Reads the findings off the final comparison. */
export function findingsFrom(
  study: Study,
  { subspaces, log, stoppedBy }: Searched,
  finalists: Finalists,
  comparison: Comparison,
  from: Provenance,
): Findings {
  const timed = (place: number): TimedConfiguration => ({
    configuration: comparison.variants[place].configuration,
    timeUs: microseconds(comparison, place) ?? Number.NaN,
    provenance: { how: 'observed', from },
  });
  const champions = championsOf(comparison, study.space, subspaces);
  const winner = winnerOf(study, comparison);
  const defaultPlace = placeOf(study, comparison, study.default);
  const findings = {
    default: defaultPlace === undefined ? null : timed(defaultPlace),
    best: timed(recommended(study, comparison, winner)),
    winner: timed(winner),
    gainOverDefault: defaultPlace === undefined ? null : ratio(comparison, defaultPlace, winner),
    ladder: tunedLadder(champions),
    ...fixedTile(study, comparison, finalists),
    ...(Object.keys(comparison.environment).length > 0 && { environment: comparison.environment }),
    gains: gainsOf(champions, study.rivals),
    trials: countTrials(log),
    stoppedBy,
  };
  return { ...findings, warnings: warningsOf(findings, comparison) };
}

/** The findings of a visit without a single time. */
export function nothingTimed({ log, stoppedBy }: Searched): Findings {
  return {
    default: null,
    best: null,
    winner: null,
    gainOverDefault: null,
    ladder: null,
    ladderFixedTile: null,
    ladderFixedTileReason: 'nothing was timed',
    gains: {},
    warnings: [`no configuration could be timed${commonFailure(log)}`],
    trials: countTrials(log),
    stoppedBy,
  };
}

/** What most of the failed trials said. */
function commonFailure(log: readonly SettledTrial[]): string {
  const counts = new Map<string, number>();
  for (const trial of log)
    if (trial.state === 'invalid') counts.set(trial.message, (counts.get(trial.message) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most === undefined ? '' : `; ${most[1]} of ${log.length} said: ${most[0]}`;
}

/** The fastest of the space. A default outside a steered space is compared with, but cannot win. */
function winnerOf({ space }: Study, comparison: Comparison): number {
  const time = variantTime(comparison);
  const times = comparison.variants.map(({ configuration }, place) =>
    space.has(configuration) ? (time(place) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
  );
  return times.indexOf(Math.min(...times));
}

/** The simplest of those that are as fast as the winner, as far as the comparison can tell. */
function recommended(study: Study, comparison: Comparison, winner: number): number {
  const time = variantTime(comparison);
  const equal = comparison.variants
    .map((_, place) => place)
    .filter((place) => study.space.has(comparison.variants[place].configuration))
    .filter((place) => isTie(comparison, place, winner))
    .sort((a, b) => (time(a) ?? 0) - (time(b) ?? 0));
  const choice = simplest(
    study,
    equal.map((place) => comparison.variants[place].configuration),
  );
  return placeOf(study, comparison, choice) ?? winner;
}

function isTie(comparison: Comparison, place: number, winner: number): boolean {
  const gain = ratio(comparison, place, winner);
  if (gain === null) return false;
  if (comparison.kind === 'ensemble' || gain.low === null) return gain.value <= TIE;
  return gain.low <= 1 && gain.value <= WIDEST_TIE;
}

function placeOf({ space }: Study, comparison: Comparison, configuration: Configuration): number | undefined {
  const key = configurationKey(space.parameters, configuration);
  const place = comparison.variants.findIndex(
    (variant) => configurationKey(space.parameters, variant.configuration) === key,
  );
  return place < 0 ? undefined : place;
}

/** The fixed-tile ladder, or why there is none. */
function fixedTile(
  study: Study,
  comparison: Comparison,
  { fixedTile: rungs }: Finalists,
): Pick<Findings, 'ladderFixedTile' | 'ladderFixedTileReason'> {
  if (mechanismsOf(study.space.parameters).size === 0) {
    return { ladderFixedTile: null, ladderFixedTileReason: 'the space has no parameter of a mechanism' };
  }
  if ('reason' in rungs) return { ladderFixedTile: null, ladderFixedTileReason: rungs.reason };
  const places = rungs.map((configuration) => placeOf(study, comparison, configuration));
  const ladder = fixedTileLadder(comparison, places);
  return ladder === null
    ? { ladderFixedTile: null, ladderFixedTileReason: 'a rung with the same tile could not be timed' }
    : { ladderFixedTile: ladder };
}

function countTrials(log: readonly SettledTrial[]): SettledCounts {
  const invalid = { timeout: 0, compile: 0, runtime: 0, correctness: 0, constraints: 0, disturbed: 0 };
  const bySubset: Record<string, number> = {};
  let timed = 0;
  for (const trial of log) {
    if (trial.state === 'timed') timed++;
    else invalid[trial.reason]++;
    bySubset[trial.subset] = (bySubset[trial.subset] ?? 0) + 1;
  }
  return { timed, invalid, bySubset };
}
