import { type Configuration, configurationKey } from '../../search-space/parameter.ts';
import type { Comparison } from '../../store/comparison.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { Provenance } from '../backend.ts';
import type { StopReason } from '../budget.ts';
import { FEWEST_SAMPLES, median } from '../measurement/statistics.ts';
import { foundFront } from '../objectives/found-front.ts';
import { isOverLimit, OVER_LIMIT } from '../objectives/judge.ts';
import { TIME } from '../objectives/metrics.ts';
import { type Objective, objectiveText, SHORTEST_TIME, seeksTime } from '../objectives/objective.ts';
import type { Study } from '../study-definition.ts';
import { warningsOf } from '../warnings.ts';
import { type Champions, championsOf, type GainExplanation, NO_SAMPLE } from './champions.ts';
import { whyFailed } from './failed-trial.ts';
import type { Finalists } from './finalists.ts';
import type { Findings, LadderRung, TimedConfiguration } from './findings.ts';
import {
  type GainFigure,
  microseconds,
  type OrUnknown,
  ratio,
  type Unknown,
  unknown,
  variantTime,
} from './gain.ts';
import type { TimedPoint } from './known-times.ts';
import { fixedTileLadder, NO_MECHANISM, tunedLadder } from './ladder.ts';
import { gainsOf } from './mechanism-gains.ts';
import { nothingTimed } from './nothing-timed.ts';
import { Searched } from './searched.ts';
import { settledCounts } from './settled-counts.ts';
import { standingsOf } from './simpler-rivals.ts';
import { compareSimplicity } from './simplest.ts';
import { compareExact } from './simplest-computed.ts';
import { withinLimits } from './within-limits.ts';

const NOTHING_ELSE = unknown('not tried', 'nothing but the default was timed');
const NO_DEFAULT = unknown('failed', 'the default could not be timed');
/** A ratio of a time to itself measures nothing. */
export const IS_DEFAULT: Unknown = unknown(
  'not applicable',
  'the default itself is the fastest that was found',
);

const USES_DEFAULT = unknown('not applicable', 'the default itself is as fast as the fastest');

/** What the findings of a visit are made from besides its final comparison. */
type Search = Readonly<{
  log: readonly SettledTrial[];
  stoppedBy: StopReason;
  notes: readonly string[];
  /** Whether each subspace's best was improved by computing what lies around it. */
  isPolished: boolean;
  explain: GainExplanation | undefined;
}>;

/** Reads the findings off the final comparison. */
export function findingsFrom(
  study: Study,
  search: Search,
  finalists: Finalists,
  compared: Comparison,
  from: Provenance,
): Findings {
  const { comparison, over } = withinLimits(study, compared);
  if (over.length > 0) {
    const notes = [...search.notes, overText(over.length, timedIn(compared))];
    if (timedIn(comparison) === 0) return nothingTimed(study, { ...search, notes }, ALL_OVER);
    const findings = findingsWithin(study, { ...search, notes }, finalists, comparison, from);
    const usual = placeOf(study, comparison, study.default);
    return {
      ...findings,
      compared: timedIn(compared),
      ...(usual !== undefined && over.includes(usual) && { default: null, gainOverDefault: OVER_LIMIT }),
    };
  }
  return findingsWithin(study, search, finalists, comparison, from);
}

/** Of a comparison all of whose times may be recommended. */
function findingsWithin(
  study: Study,
  search: Search,
  finalists: Finalists,
  comparison: Comparison,
  from: Provenance,
): Findings {
  const { log, stoppedBy, isPolished, explain } = search;
  const searched = new Searched(study.subspaces.all, log, isPolished);
  const champions = championsOf(comparison, study.subspaces, searched, explain);
  const { objective = SHORTEST_TIME } = study;
  if (!seeksTime(objective)) return findingsOfFront(study, objective, search, comparison, from);
  const winner = winnerOf(study, comparison);
  const choice = recommended(study, comparison, winner);
  const used = againstDefault(study, log, comparison, choice.place, from);
  const timed = (place: number): TimedConfiguration | null => timedAt(comparison, place, from);
  const findings = {
    default: used.default,
    gainOverDefault:
      used.gainOverDefault === IS_DEFAULT && choice.place !== winner ? USES_DEFAULT : used.gainOverDefault,
    best: timed(choice.place),
    same: choice.same.flatMap((place) => timed(place) ?? []),
    sure: choice.sure,
    winner: timed(winner),
    ladder: tunedLadder(champions),
    ladderFixedTile: fixedTile(study, champions, finalists),
    ...(Object.keys(comparison.environment).length > 0 && { environment: comparison.environment }),
    gains: gainsOf(champions),
    trials: settledCounts(log),
    compared: timedIn(comparison),
    stoppedBy,
  };
  return { ...findings, warnings: warningsOf(findings, study.space.size, comparison, search) };
}

const ALL_OVER = unknown('not applicable', 'all that was compared is over a limit');

function overText(over: number, timed: number): string {
  if (over === timed)
    return `All ${timed} of the final comparison were over a limit there: nothing is recommended.`;
  return `${over} of ${timed} of the final comparison ${over === 1 ? 'was' : 'were'} over a limit there, and cannot be recommended.`;
}

/** A study that seeks something else: no ladder, and a gain in time only where the time is an objective. */
function findingsOfFront(
  study: Study,
  objective: Objective,
  search: Search,
  comparison: Comparison,
  from: Provenance,
): Findings {
  const { log, stoppedBy } = search;
  const front = foundFront(study, log, comparison, objective);
  const first = front.members.map(({ configuration }) => placeOf(study, comparison, configuration));
  const winner = first.find((place) => place !== undefined) ?? 0;
  const best = front.members.length === 0 ? null : timedAt(comparison, winner, from);
  const sought = unknown('not applicable', `the study seeks ${objectiveText(objective)}`);
  const { default: usual, gainOverDefault } = againstDefault(study, log, comparison, winner, from);
  const findings = {
    default: usual,
    gainOverDefault: objective.names[0] === TIME ? gainOverDefault : sought,
    best,
    winner: best,
    ladder: sought,
    ladderFixedTile: sought,
    front,
    ...(Object.keys(comparison.environment).length > 0 && { environment: comparison.environment }),
    gains: {},
    trials: settledCounts(log),
    compared: timedIn(comparison),
    stoppedBy,
  };
  return { ...findings, warnings: warningsOf(findings, study.space.size, comparison, search) };
}

function timedIn(comparison: Comparison): number {
  return comparison.variants.filter((_, place) => microseconds(comparison, place) !== null).length;
}

function timedAt(comparison: Comparison, place: number, from: Provenance): TimedConfiguration | null {
  const timeUs = microseconds(comparison, place);
  if (timeUs === null) return null;
  const { configuration } = comparison.variants[place];
  return { configuration, timeUs, provenance: { how: 'observed', from } };
}

/**
 * The default and the gain of what is used over it. A default that did not work in the comparison has its time as it
 * was screened, and there is no gain over it. No gain is known where nothing else was timed.
 */
function againstDefault(
  study: Study,
  log: readonly SettledTrial[],
  comparison: Comparison,
  used: number,
  from: Provenance,
): Pick<Findings, 'default' | 'gainOverDefault'> {
  const place = placeOf(study, comparison, study.default);
  const timed = place === undefined ? null : timedAt(comparison, place, from);
  if (place === undefined || timed === null) return screenedDefault(study, log, comparison, from);
  return { default: timed, gainOverDefault: gainOver(comparison, place, used) };
}

function gainOver(comparison: Comparison, preferred: number, used: number): GainFigure {
  if (timedIn(comparison) < 2) return NOTHING_ELSE;
  return preferred === used ? IS_DEFAULT : (ratio(comparison, preferred, used) ?? NO_DEFAULT);
}

/** The default's time as it was screened, on the scale of those that were both trials and compared. */
function screenedDefault(
  study: Study,
  log: readonly SettledTrial[],
  comparison: Comparison,
  from: Provenance,
): Pick<Findings, 'default' | 'gainOverDefault'> {
  const before = screenedTime(study, log, study.default);
  const scales = comparison.variants.flatMap(({ configuration }, place) => {
    const [screened, now] = [screenedTime(study, log, configuration), microseconds(comparison, place)];
    return screened === undefined || now === null ? [] : [now / screened];
  });
  if (before === undefined || scales.length === 0) {
    const isOver = log.some((trial) => isOverLimit(trial) && isOf(study, trial, study.default));
    return { default: null, gainOverDefault: isOver ? OVER_LIMIT : defaultFailure(study, log) };
  }
  return {
    default: {
      configuration: study.default,
      timeUs: before * median(scales),
      provenance: { how: 'observed', from },
    },
    gainOverDefault: NO_SAMPLE,
  };
}

/** What the default's last trial ended as, so that nobody has to look for it. */
function defaultFailure(study: Study, log: readonly SettledTrial[]): Unknown {
  const failures = log.flatMap((trial) =>
    isOf(study, trial, study.default) ? (whyFailed(trial) ?? []) : [],
  );
  const failure = failures.at(-1);
  return failure === undefined ? NO_DEFAULT : { ...failure, why: `the default failed: ${failure.why}` };
}

function isOf({ space: { parameters } }: Study, trial: SettledTrial, configuration: Configuration): boolean {
  return configurationKey(parameters, trial.configuration) === configurationKey(parameters, configuration);
}

function screenedTime(
  study: Study,
  log: readonly SettledTrial[],
  configuration: Configuration,
): number | undefined {
  const trial = log.find((one) => one.state === 'timed' && isOf(study, one, configuration));
  return trial?.state === 'timed' ? trial.timeUs : undefined;
}

/** The fastest of the space. A default outside a steered space is compared with, but cannot win. */
function winnerOf({ space }: Study, comparison: Comparison): number {
  const time = variantTime(comparison);
  const times = comparison.variants.map(({ configuration }, place) =>
    space.has(configuration) ? (time(place) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
  );
  return times.indexOf(Math.min(...times));
}

type Recommended = Readonly<{ place: number; same: readonly number[]; sure: number | null }>;

/** The simplest of those that are as fast as the winner, as far as the comparison can tell. */
function recommended(study: Study, comparison: Comparison, winner: number): Recommended {
  const standings = standingsOf(study, comparison);
  if (standings === undefined) return { place: winner, same: [], sure: null };
  const simplestFirst = (places: readonly number[]): readonly number[] =>
    [...places].sort(simplicityOf(study, comparison));
  const [place, ...same] = simplestFirst(standings.asFast());
  // How often others would have been named who were not timed, nobody can tell.
  const canTell = comparison.roundsUs.length >= FEWEST_SAMPLES && comparison.isCut !== true;
  const redrawn = canTell ? standings.redrawn() : [];
  const again = redrawn.filter((places) => simplestFirst(places)[0] === place).length;
  return { place, same, sure: redrawn.length === 0 ? null : again / redrawn.length };
}

/** Where times are exact only what takes less is worth a slower one; else what differs less from the default is, too. */
function simplicityOf(study: Study, comparison: Comparison): (a: number, b: number) => number {
  const time = variantTime(comparison);
  const at = (place: number): TimedPoint => {
    return { configuration: comparison.variants[place].configuration, timeUs: time(place) ?? 0 };
  };
  return comparison.kind === 'ensemble'
    ? (a, b) => compareExact(study, at(a), at(b))
    : (a, b) => compareSimplicity(study, at(a).configuration, at(b).configuration);
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
  champions: Champions,
  { fixedTile: rungs }: Finalists,
): OrUnknown<readonly LadderRung[]> {
  if (champions.subspaces.mechanisms.size === 0) return NO_MECHANISM;
  if ('reason' in rungs) return unknown('not applicable', rungs.reason);
  const places = rungs.map((configuration) => placeOf(study, champions.comparison, configuration));
  return fixedTileLadder(champions, places);
}
