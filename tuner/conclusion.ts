import { configurationKey } from '../search-space/parameter.ts';
import type { Comparison } from '../store/comparison.ts';
import type { VisitRecord } from '../store/records.ts';
import type { SettledTrial } from '../store/trial.ts';
import { type ComputedNow, withComputedTimes } from './attribution/computed-times.ts';
import { type Finalists, finalistsOf } from './attribution/finalists.ts';
import type { Findings } from './attribution/findings.ts';
import { findingsFrom } from './attribution/findings-from.ts';
import { nothingTimed } from './attribution/nothing-timed.ts';
import type { TimeOn } from './attribution/other-sets.ts';
import { SimplerRivals } from './attribution/simpler-rivals.ts';
import { type Backend, BackendGone, isInProcesses } from './backend.ts';
import type { StopReason } from './budget.ts';
import { buildingTold } from './building.ts';
import { cutOff } from './cut-off.ts';
import { type ComparedContenders, compareContenders } from './measurement/compare.ts';
import { NOTHING_TO_COMPARE, UNKNOWN_TAKES } from './measurement/comparison-plan.ts';
import type { TimeAllowance } from './measurement/time-allowance.ts';
import { frontContenders } from './objectives/found-front.ts';
import { isOverLimit } from './objectives/judge.ts';
import {
  brokenLimit,
  type Objective,
  objectiveText,
  SHORTEST_TIME,
  seeksTime,
} from './objectives/objective.ts';
import type { Study } from './study-definition.ts';
import type { World } from './world.ts';

/** What a search leaves: all settled trials of the study, and why it stopped. */
export type SearchOutcome = Readonly<{
  log: readonly SettledTrial[];
  visit: VisitRecord;
  activeMs: number;
  stoppedBy: StopReason;
  /** What samples and preparations took. */
  allowance: Pick<TimeAllowance, 'comparisonTakes'>;
  /** Milliseconds left of the visit's time; infinite where none was asked for. */
  leftMs(): number;
  /** What a reader should know of how the search went. */
  notes: readonly string[];
}>;

/** How a search ended. */
export type SearchEnd = Omit<SearchOutcome, 'log' | 'visit'>;

/** On a noisy clock the fastest trial may only have been lucky, so several meet again. */
const NOISY_DEPTH = Object.freeze({ whole: 8, subspace: 3 });
const EXACT_DEPTH = Object.freeze({ whole: 1, subspace: 1 });

/** The end of a visit: the finalists meet in one comparison, and the findings that follow from it are stored. */
export async function concludeVisit(study: Study, outcome: SearchOutcome, world: World): Promise<Findings> {
  const { backend, store, listen } = world;
  const { activeMs } = outcome;
  const { timing } = backend;
  const depth = timing.kind === 'exact' ? EXACT_DEPTH : NOISY_DEPTH;
  const { objective = SHORTEST_TIME } = study;
  if (outcome.log.some(({ state }) => state === 'timed')) listen({ kind: 'comparing', studyId: study.id });
  const computes = seeksTime(objective) && timing.kind === 'exact' && timing.computed !== undefined;
  const { found: finalists, isWhole } = computes
    ? await polishedFinalists(study, outcome, depth, world)
    : { found: await unpolished(study, outcome.log, depth, objective), isWhole: true };
  // The next visit goes on with what was not compiled when this one was ended.
  const stoppedBy = isWhole || !world.signal.aborted ? outcome.stoppedBy : 'interrupted';
  const { comparison, notes } =
    finalists === null
      ? { comparison: null, notes: [] }
      : await finalComparison(study, finalists, outcome, world);
  const explain = timing.kind === 'exact' ? timing.explain : undefined;
  const searched = {
    ...outcome,
    stoppedBy,
    isPolished: computes && isWhole,
    explain,
    notes: [...outcome.notes, ...overLimit(outcome.log), ...notes, ...(backend.notes?.() ?? [])],
  };
  const found =
    finalists === null || comparison === null
      ? nothingTimed(study, searched)
      : findingsFrom(study, searched, finalists, comparison, backend.provenance);
  const code = backend.effects?.();
  const findings: Findings = { ...found, ...(code !== undefined && { code }) };
  const { best } = findings;
  // A visit that is killed before this is compared again, as if nothing had happened.
  await store.conclude({
    studyId: study.id,
    comparison: comparison?.environment.screeningOnly === true ? null : comparison,
    recommended: best === null ? null : { configuration: best.configuration, timeUs: best.timeUs },
    document: findings,
    end: stoppedBy === 'interrupted' ? null : { stoppedBy, activeMs },
  });
  listen({ kind: 'ended', studyId: study.id, stoppedBy });
  return findings;
}

/** Finalists from times that cost nothing to ask, once the code is made that they are of: as much as there is time for. */
async function polishedFinalists(
  study: Study,
  { log, leftMs }: SearchOutcome,
  depth: Parameters<typeof finalistsOf>[2],
  { backend, signal, listen }: World,
): Promise<ComputedNow<Finalists | null>> {
  const { objective = SHORTEST_TIME } = study;
  const cut = cutOff(signal, leftMs);
  const told = buildingTold(study.id, 1, listen);
  try {
    // What was compiled for the trials alone, so that a visit taken up again goes the same way.
    const configurations = log.map(({ configuration }) => configuration);
    await backend.prefetch?.(configurations, cut.signal, told);
    return await withComputedTimes(backend, cut.signal, told, (timeOn, sets) =>
      finalistsOf(study, log, depth, { timeOn: withinLimits(timeOn, backend, objective), sets }),
    );
  } finally {
    cut.close();
  }
}

/** What is over a limit is never the fastest. */
function withinLimits(timeOn: TimeOn, { timing }: Backend, objective: Objective): TimeOn {
  if (objective.limits.length === 0 || timing.kind !== 'exact') return timeOn;
  const { metrics } = timing;
  return (configuration, set) => {
    const timeUs = timeOn(configuration, set);
    const measured = { timeUs, ...(metrics && { metrics: metrics(configuration) }) };
    return brokenLimit(objective, measured) === undefined ? timeUs : Number.POSITIVE_INFINITY;
  };
}

async function unpolished(
  study: Study,
  log: readonly SettledTrial[],
  depth: Parameters<typeof finalistsOf>[2],
  objective: Objective,
): Promise<Finalists | null> {
  return seeksTime(objective) ? finalistsOf(study, log, depth) : frontFinalists(study, log, objective);
}

/** The finalists of a study that seeks something else than the time: it has no ladder. */
function frontFinalists(study: Study, log: readonly SettledTrial[], objective: Objective): Finalists | null {
  const contenders = frontContenders(study, log, objective);
  return contenders.length === 0
    ? null
    : { contenders, fixedTile: { reason: `the study seeks ${objectiveText(objective)}` } };
}

function overLimit(log: readonly SettledTrial[]): readonly string[] {
  const over = log.filter(isOverLimit).length;
  return over === 0 ? [] : [`${over} of ${log.length} trials ${over === 1 ? 'was' : 'were'} over a limit.`];
}

const INTERRUPTED =
  'Stopped before the final comparison: times come from the screening, and gains are unknown. Tune again to finish it.';
const SCREENING_ONLY = 'Times come from the screening, and gains are unknown.';

/** Where there is none to make, it is made from the screening: so after an interruption of a real machine. */
async function finalComparison(
  study: Study,
  { contenders }: Finalists,
  { log, stoppedBy, leftMs, allowance }: SearchOutcome,
  { backend, clock, signal, listen }: World,
): Promise<ComparedContenders> {
  const fromScreening = (notes: readonly string[]): ComparedContenders => {
    return { comparison: comparisonFromScreening(contenders, log, study, clock.now()), notes };
  };
  const roundTold = (rounds: number, least: number): void => {
    const left = leftMs();
    const leftOrNone = Number.isFinite(left) ? left : undefined;
    listen({ kind: 'round', studyId: study.id, rounds, least, leftMs: leftOrNone });
  };
  const isExact = backend.timing.kind === 'exact';
  if (stoppedBy === 'interrupted' && !isExact) return fromScreening([INTERRUPTED]);
  const isAlone = log.filter(({ state }) => state === 'timed').length < 2;
  if (isAlone && !isExact) return fromScreening([NOTHING_TO_COMPARE]);
  if (isExact && contenders.length < 2) return fromScreening(isAlone ? [NOTHING_TO_COMPARE] : []);
  if (isExact) {
    const never = new AbortController().signal;
    const parts = [backend, contenders, clock.now(), never, undefined, undefined] as const;
    return compareContenders(...parts, roundTold).catch(withoutBackend);
  }
  const takes = allowance.comparisonTakes(isInProcesses(backend.timing)) ?? UNKNOWN_TAKES;
  // Finalists are the best of every subspace, scalar code too: they may take longer than the samples of the search.
  const sampleMs = Math.max(takes.sampleMs, meanMs(contenders, timesByKey(log, study), study));
  const limit = Number.isFinite(leftMs())
    ? { clock, ms: Math.max(0, leftMs()), ...takes, sampleMs, atOnce: backend.sideBySide?.count() ?? 1 }
    : undefined;
  const cut = cutOff(signal, leftMs);
  const { objective = SHORTEST_TIME } = study;
  const challenge = seeksTime(objective) ? new SimplerRivals(study, log) : undefined;
  const compared = await compareContenders(
    ...([backend, contenders, clock.now(), cut.signal, limit, challenge, roundTold] as const),
  )
    .catch(withoutBackend)
    .finally(cut.close);
  if (compared.comparison !== null) return compared;
  if (signal.aborted) return fromScreening([...compared.notes, INTERRUPTED]);
  return fromScreening([...compared.notes, SCREENING_ONLY]);
}

function withoutBackend(error: unknown): ComparedContenders {
  if (!(error instanceof BackendGone)) throw error;
  return { comparison: null, notes: [`There was no final comparison: ${error.message}.`] };
}

type TimesByKey = ReadonlyMap<string, number | null>;

function timesByKey(log: readonly SettledTrial[], { space }: Study): TimesByKey {
  return new Map(
    log.map((trial) => [
      configurationKey(space.parameters, trial.configuration),
      trial.state === 'timed' ? trial.timeUs : null,
    ]),
  );
}

/** Of the contenders that have a time. Milliseconds; 0 where none has. */
function meanMs(contenders: Finalists['contenders'], times: TimesByKey, { space }: Study): number {
  const known = contenders.flatMap(
    ({ configuration }) => times.get(configurationKey(space.parameters, configuration)) ?? [],
  );
  return known.reduce((sum, timeUs) => sum + timeUs / 1000, 0) / Math.max(1, known.length);
}

/** One round made of the trials' own times: a ranking without intervals. */
function comparisonFromScreening(
  contenders: Finalists['contenders'],
  log: readonly SettledTrial[],
  study: Study,
  now: number,
): Comparison {
  const times = timesByKey(log, study);
  const round = contenders.map(
    ({ configuration }) => times.get(configurationKey(study.space.parameters, configuration)) ?? null,
  );
  return {
    kind: 'sampled',
    variants: contenders,
    roundsUs: [round],
    comparedAt: now,
    environment: { screeningOnly: true },
  };
}
