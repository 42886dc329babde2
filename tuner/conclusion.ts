import { type Configuration, configurationKey } from '../search-space/parameter.ts';
import type { Comparison } from '../store/comparison.ts';
import type { SettledCounts } from '../store/study-store.ts';
import type { SettledTrial } from '../store/trial.ts';
import { championsOf, fixedLadder, microseconds, tunedLadder } from './attribution/attribute.ts';
import { type Finalists, finalistsOf } from './attribution/finalists.ts';
import type { Findings, TimedConfiguration } from './attribution/findings.ts';
import { ratio, timeOf } from './attribution/gain.ts';
import { gainsOf } from './attribution/mechanism-gains.ts';
import { mechanismsOf, type Region } from './attribution/regions.ts';
import { simplest } from './attribution/simplest.ts';
import type { StopReason } from './budget.ts';
import { compare } from './measurement/compare.ts';
import type { Study, World } from './study.ts';
import { warningsOf } from './warnings.ts';

/** On a noisy clock the best may have been lucky. */
const NOISY_DEPTH = Object.freeze({ whole: 8, region: 3 });
const EXACT_DEPTH = Object.freeze({ whole: 1, region: 1 });

/** On a disturbed machine an interval may be so wide that it tells nothing apart: a tie is near as well. */
const MOST_OF_A_TIE = 1.02;

/**
 * The end of a visit: the finalists meet in one comparison, and what follows from it is stored.
 * An interrupted visit to a real machine ends without one: its findings come from the screening.
 */
export async function concludeVisit(
  study: Study,
  regions: readonly Region[],
  log: readonly SettledTrial[],
  stoppedBy: StopReason,
  world: World,
  patienceMs?: number,
): Promise<Findings> {
  const { backend, store, listen } = world;
  const depth = backend.timing.kind === 'exact' ? EXACT_DEPTH : NOISY_DEPTH;
  const finalists = finalistsOf(study, regions, log, depth);
  listen({ kind: 'comparing', studyId: study.id, variants: finalists?.contenders.length ?? 0 });
  const comparison =
    finalists === null ? null : await meet(finalists, log, stoppedBy, study, world, patienceMs);
  const findings = findingsOf(study, regions, log, stoppedBy, finalists, comparison, backend.provenance);
  const met = comparison !== null && comparison.environment.screeningOnly !== true;
  const comparisonId = met ? await store.saveComparison(study.id, comparison) : null;
  const recommended =
    findings.best === null
      ? null
      : { configuration: findings.best.configuration, timeUs: findings.best.timeUs };
  await store.saveFindings({ studyId: study.id, comparisonId, recommended, document: findings });
  return findings;
}

async function meet(
  { contenders }: Finalists,
  log: readonly SettledTrial[],
  stoppedBy: StopReason,
  study: Study,
  { backend, clock, signal }: World,
  patienceMs: number | undefined,
): Promise<Comparison | null> {
  const patience = patienceMs === undefined ? undefined : { clock, ms: patienceMs };
  if (backend.timing.kind === 'exact')
    return compare(backend, contenders, clock.now(), new AbortController().signal);
  if (stoppedBy === 'interrupted') return screeningAsComparison(contenders, log, study, clock.now());
  return (
    (await compare(backend, contenders, clock.now(), signal, patience)) ??
    screeningAsComparison(contenders, log, study, clock.now())
  );
}

/** One round made of the trials' own times: a ranking without intervals. */
function screeningAsComparison(
  contenders: Finalists['contenders'],
  log: readonly SettledTrial[],
  { space }: Study,
  now: number,
): Comparison {
  const keyOf = (configuration: Configuration): string => configurationKey(space.parameters, configuration);
  const timeByKey = new Map(
    log.map((trial) => [keyOf(trial.configuration), trial.state === 'timed' ? trial.timeUs : null]),
  );
  const round = contenders.map(({ configuration }) => timeByKey.get(keyOf(configuration)) ?? null);
  return {
    kind: 'sampled',
    variants: contenders,
    roundsUs: [round],
    comparedAt: now,
    environment: { screeningOnly: true },
  };
}

function findingsOf(
  study: Study,
  regions: readonly Region[],
  log: readonly SettledTrial[],
  stoppedBy: StopReason,
  finalists: Finalists | null,
  comparison: Comparison | null,
  from: TimedConfiguration['provenance']['from'],
): Findings {
  const trials = countTrials(log);
  const base = { trials, stoppedBy };
  if (comparison === null || finalists === null) return { ...nothing(log), ...base };

  const timed = (place: number): TimedConfiguration => ({
    configuration: comparison.variants[place].configuration,
    timeUs: microseconds(comparison, place) ?? Number.NaN,
    provenance: { how: 'observed', from },
  });
  const champions = championsOf(comparison, study.space, regions);
  const winner = winnerOf(study, comparison);
  const defaultPlace = placeOf(study, comparison, study.default);
  const fixed = fixedTileLadder(study, comparison, finalists);
  const findings = {
    default: defaultPlace === undefined ? null : timed(defaultPlace),
    best: timed(recommend(study, comparison, winner)),
    winner: timed(winner),
    gainOverDefault: defaultPlace === undefined ? null : ratio(comparison, defaultPlace, winner),
    ladder: tunedLadder(champions),
    ...fixed,
    ...(Object.keys(comparison.environment).length > 0 && { environment: comparison.environment }),
    gains: gainsOf(champions, study.rivals),
    ...base,
  };
  return { ...findings, warnings: warningsOf(findings, comparison) };
}

/** What most of the failed trials said. */
function commonFailure(log: readonly SettledTrial[]): string {
  const counts = new Map<string, number>();
  for (const trial of log)
    if (trial.state === 'invalid') counts.set(trial.message, (counts.get(trial.message) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most === undefined ? '' : `; ${most[1]} of ${log.length} said: ${most[0]}`;
}

function nothing(log: readonly SettledTrial[]) {
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
  };
}

/** The fastest of the space; a default outside a steered space is compared with, not chosen. */
function winnerOf({ space }: Study, comparison: Comparison): number {
  const time = timeOf(comparison);
  const times = comparison.variants.map(({ configuration }, place) =>
    space.has(configuration) ? (time(place) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
  );
  return times.indexOf(Math.min(...times));
}

/** The simplest of those that the comparison cannot tell from the winner. */
function recommend(study: Study, comparison: Comparison, winner: number): number {
  const time = timeOf(comparison);
  const equal = comparison.variants
    .map((_, place) => place)
    .filter((place) => study.space.has(comparison.variants[place].configuration))
    .filter((place) => cannotTell(comparison, place, winner))
    .sort((a, b) => (time(a) ?? 0) - (time(b) ?? 0));
  const choice = simplest(
    study,
    equal.map((place) => comparison.variants[place].configuration),
  );
  return placeOf(study, comparison, choice) ?? winner;
}

function cannotTell(comparison: Comparison, place: number, winner: number): boolean {
  const gain = ratio(comparison, place, winner);
  if (gain === null) return false;
  if (comparison.kind === 'ensemble' || gain.low === null) return gain.value <= 1.01;
  return gain.low <= 1 && gain.value <= MOST_OF_A_TIE;
}

function placeOf({ space }: Study, comparison: Comparison, configuration: Configuration): number | undefined {
  const key = configurationKey(space.parameters, configuration);
  const place = comparison.variants.findIndex(
    (variant) => configurationKey(space.parameters, variant.configuration) === key,
  );
  return place < 0 ? undefined : place;
}

function fixedTileLadder(study: Study, comparison: Comparison, { fixedTile }: Finalists) {
  if (mechanismsOf(study.space.parameters).size === 0) {
    return { ladderFixedTile: null, ladderFixedTileReason: 'the space has no parameter of a mechanism' };
  }
  if ('reason' in fixedTile) return { ladderFixedTile: null, ladderFixedTileReason: fixedTile.reason };
  const places = fixedTile.map((configuration) => placeOf(study, comparison, configuration));
  const ladder = fixedLadder(comparison, places);
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
