import { InputError } from '../../search-space/input-error.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { BulkStore } from '../../store/bulk-store.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { StudyRecord, VisitRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { INVALID_REASONS, type Outcome } from '../../store/trial.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import type { WrittenResult } from '../../store/written-result.ts';
import { type LeftOut, LeftOutTally } from './left-out.ts';
import { type NumberTable, numberTable } from './number-table.ts';
import type { OwnRecord } from './own-record.ts';
import { IMPORTED, type MemberReading, type TuningResults } from './tuning-results.ts';

type ResultsStore = CatalogStore & StudyStore & VisitStore & BulkStore;

/** What became of a file: how many results the study did not have yet, how many it had, how many the file says again, what was left out. */
export type Stored = Readonly<{
  studyId: string;
  isNew: boolean;
  trials: number;
  known: number;
  repeated: number;
  leftOut: readonly LeftOut[];
}>;

/**
 * Stores what the store does not have yet, a batch at a time; the same file again changes nothing, and
 * finishes what an import that was killed has begun. A configuration that has a result keeps it.
 *
 * Throws InputError, and has then stored no result, where results of a device that nobody names differ from
 * those that the study has: they are another device's.
 */
export async function storeResults(
  tuning: TuningResults,
  store: ResultsStore,
  toolVersion: string,
): Promise<Stored> {
  const { kernel, target, study } = tuning.record;
  await store.saveKernel(kernel);
  await store.saveTarget(target);
  const before = await store.studies({ kernelHash: kernel.hash, targetFingerprint: target.fingerprint });
  const opened = await store.openStudy(study);
  const isNew = before.every((summary) => summary.study.id !== opened.id);
  const known = new KnownResults(tuning.record);
  let space: SearchSpace | undefined;
  for await (const trial of store.trials(opened.id)) {
    space ??= await tuning.space();
    known.add('study', trial, space.indexOf(trial.configuration));
  }
  if (!tuning.deviceIsNamed && known.size > 0) await refuseOtherDevice(tuning, known, opened.id);
  const stored = await settleAll(tuning, known, store, opened.id, toolVersion);
  await close(opened, isNew, tuning, store);
  return { studyId: opened.id, isNew, ...stored };
}

/** Settles what is new, in the order of the file. */
async function settleAll(
  tuning: TuningResults,
  known: KnownResults,
  store: ResultsStore,
  studyId: string,
  toolVersion: string,
): Promise<Omit<Stored, 'studyId' | 'isNew'>> {
  const tally = new LeftOutTally();
  const counts = { known: 0, repeated: 0 };
  const fresh = newResults(tuning, known, tally, counts);
  const first = await fresh.next();
  let visit = await interruptedImport(studyId, store);
  let trials = 0;
  if (first.done !== true) {
    visit ??= await store.startVisit({ studyId, budget: {}, toolVersion, environment: { imported: true } });
    trials = await store.settleAll({ studyId, visitId: visit.id }, following(first.value, fresh));
  }
  if (visit !== undefined) await store.endVisit(visit.id, { stoppedBy: IMPORTED, activeMs: 0 });
  return { trials, ...counts, leftOut: tally.all };
}

async function* following<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** The results of configurations without one in the study, some at a time; the others are counted. */
async function* newResults(
  tuning: TuningResults,
  known: KnownResults,
  tally: LeftOutTally,
  counts: { known: number; repeated: number },
): AsyncGenerator<readonly WrittenResult[]> {
  for await (const readings of tuning.readings()) {
    const fresh: WrittenResult[] = [];
    for (const reading of readings) {
      const result = taken(reading, known, tally, counts);
      if (result !== undefined) fresh.push(result);
    }
    if (fresh.length > 0) yield fresh;
  }
}

/** The result of a reading where the study has none of its configuration; the others are counted. */
function taken(
  reading: MemberReading,
  known: KnownResults,
  tally: LeftOutTally,
  counts: { known: number; repeated: number },
): WrittenResult | undefined {
  const { place } = reading;
  if (reading.kind === 'left out') {
    tally.add('results', reading.reason, () => `${place}: ${reading.detail()}`);
    return undefined;
  }
  const { result, index, droppedSamples } = reading;
  if (droppedSamples > 0)
    tally.add('samples', 'no time', () => `${place}: ${droppedSamples} of its samples`, droppedSamples);
  const difference = known.differenceOf(result, index);
  if (difference === undefined) {
    known.add('file', result, index);
    return result;
  }
  const isRepeated = known.isOfFile(index);
  if (difference !== 'none')
    tally.add('results', isRepeated ? TWICE : ANOTHER, () => `${place}: ${difference}`);
  else if (isRepeated) counts.repeated += 1;
  else counts.known += 1;
  return undefined;
}

const TWICE = 'named twice in the file with different results; the first stays';
const ANOTHER = 'the configuration has another result already, which stays (--device tells devices apart)';

/** Throws InputError where any result differs from what the study knows. */
async function refuseOtherDevice(tuning: TuningResults, known: KnownResults, studyId: string): Promise<void> {
  let all = 0;
  let differ = 0;
  let first = '';
  for await (const readings of tuning.readings()) {
    for (const reading of readings) {
      if (reading.kind !== 'result') continue;
      all += 1;
      const difference = known.differenceOf(reading.result, reading.index);
      if (difference === undefined || difference === 'none') continue;
      if (differ === 0) first = `${reading.place}: ${difference}`;
      differ += 1;
    }
  }
  if (differ === 0) return;
  throw new InputError(
    '--device',
    `is missing: ${differ} of ${all} results differ from what study ${studyId} has of a device without a name (first ${first})`,
    'name this one, --device "card 2", and it gets a study of its own',
  );
}

/** The visit of an import that was killed. */
async function interruptedImport(studyId: string, store: ResultsStore): Promise<VisitRecord | undefined> {
  const visit = await store.interruptedVisit(studyId);
  return visit?.environment.imported === true ? visit : undefined;
}

/** An imported study is in the state that its record says, unless somebody has worked on it since. */
async function close(
  study: StudyRecord,
  isNew: boolean,
  { record }: TuningResults,
  store: ResultsStore,
): Promise<void> {
  if (study.state === record.state) return;
  const isOnlyImported = async (): Promise<boolean> =>
    study.state === 'open' &&
    (await store.visits(study.id)).every((visit) => visit.environment.imported === true);
  if (isNew || (await isOnlyImported())) await store.setStudyState(study.id, record.state);
}

/** Two clocks' roundings of one time. */
const SAME = 1e-9;

/** What counts of an outcome where two are compared. */
type Fate =
  | Pick<Extract<Outcome, { state: 'timed' }>, 'state' | 'timeUs'>
  | Pick<Extract<Outcome, { state: 'invalid' }>, 'state' | 'reason'>;

/** The fates by the configuration's index: a time in microseconds, or a failure as a negative number. */
class KnownResults {
  readonly #ofStudy: NumberTable;
  readonly #ofFile: NumberTable;

  constructor({ study: { space } }: OwnRecord) {
    const bound = space.parameters.reduce((product, { values }) => product * values.length, 1);
    this.#ofStudy = numberTable(bound);
    this.#ofFile = numberTable(bound);
  }

  /** How many the study had. */
  get size(): number {
    return this.#ofStudy.size;
  }

  add(from: 'study' | 'file', outcome: Fate, index: number): void {
    const isFate = outcome.state === 'timed' || outcome.reason !== 'disturbed';
    if (isFate) (from === 'study' ? this.#ofStudy : this.#ofFile).set(index, fateOf(outcome));
  }

  /** Whether the configuration's result comes from an earlier place in the file. */
  isOfFile(index: number): boolean {
    return this.#ofFile.get(index) !== undefined;
  }

  /** Undefined where the configuration has no result, 'none' where it is the same, else the difference in words. */
  differenceOf(result: WrittenResult, index: number): string | undefined {
    const known = this.#ofStudy.get(index) ?? this.#ofFile.get(index);
    if (known === undefined) return undefined;
    const given = fateOf(result);
    const same = known < 0 ? known === given : Math.abs(known - given) <= SAME * known;
    if (same) return 'none';
    return `${result.configuration} is known as ${fateInWords(known)}, here it is ${fateInWords(given)}`;
  }
}

function fateOf(outcome: Fate): number {
  return outcome.state === 'timed' ? outcome.timeUs : -1 - INVALID_REASONS.indexOf(outcome.reason);
}

function fateInWords(fate: number): string {
  return fate < 0
    ? `a failure (${INVALID_REASONS[-1 - fate]})`
    : `${Number(fate.toPrecision(6)).toLocaleString('en-US')} µs`;
}
