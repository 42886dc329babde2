import { InputError } from '../../search-space/input-error.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { StudyStore, TimePlace } from '../../store/study-store.ts';
import type { Trial } from '../../store/trial.ts';
import { type ComparedTrial, comparedTrials } from './compared-trials.ts';

export const LISTED_STATES = Object.freeze(['settled', 'timed', 'invalid', 'running', 'abandoned'] as const);
export const LIST_ORDERS = Object.freeze(['number', 'time'] as const);

/** Which trials of a study to list, in the order of settling or fastest first. */
export type TrialList = Readonly<{
  studyId: string;
  state: (typeof LISTED_STATES)[number];
  order: (typeof LIST_ORDERS)[number];
  limit: number;
  /** The place after which to continue: `next` of the page before. */
  after?: string;
}>;

/** Unsettled trials have no place: they are few, and are listed on one page. */
export type ListedTrial = Readonly<{ trial: Trial | ComparedTrial; place: string | null }>;

type Source = StudyStore & FindingStore;

/** The number of trials in memory at a time. */
const PAGE = 1000;

/**
 * The trials of a study and the configurations timed by its comparisons: the latter come last in a list by
 * number, and are sorted among the trials in a list by time. Throws InputError for an invalid place, and for an order by time of
 * trials that have none.
 */
export async function* listTrials(list: TrialList, store: Source): AsyncGenerator<ListedTrial, void> {
  const { state, order, limit } = list;
  if (order === 'time' && state !== 'settled' && state !== 'timed')
    throw new InputError('order', `time: ${state} trials have no time`, 'leave --state out');
  const whole = order === 'time' ? byTime(list, store) : byNumber(list, store);
  let listed = 0;
  for await (const one of whole) {
    yield one;
    if (++listed === limit) return;
  }
}

async function* byNumber(list: TrialList, store: Source): AsyncGenerator<ListedTrial, void> {
  const { studyId, state, limit } = list;
  const place = placeOf(list);
  const filter = { studyId, ...(state !== 'settled' && { state }), limit: Math.min(limit, PAGE) };
  let after = place?.kind === 'compared' ? Number.MAX_SAFE_INTEGER : place?.number;
  for (;;) {
    const page = await store.listTrials({ ...filter, ...(after !== undefined && { after }) });
    for (const trial of page) yield { trial, place: 'number' in trial ? `n${trial.number}` : null };
    const last = page.at(-1);
    if (page.length < filter.limit || last === undefined || !('number' in last)) break;
    after = last.number;
  }
  if (state !== 'settled' && state !== 'timed') return;
  const compared = await comparedTrials(studyId, store);
  const first = place?.kind === 'compared' ? place.number + 1 : 0;
  for (let number = first; number < compared.length; number++)
    yield { trial: compared[number], place: `c${number}` };
}

/** At equal times, trials come before compared configurations. */
async function* byTime(list: TrialList, store: Source): AsyncGenerator<ListedTrial, void> {
  const place = placeOf(list);
  const sorted = [...(await comparedTrials(list.studyId, store))].sort((a, b) => a.timeUs - b.timeUs);
  const compared = sorted
    .map((trial, number) => ({ trial, place: `${trial.timeUs}/c${number}` }))
    .filter(({ trial }, number) => place === undefined || isBehind(trial.timeUs, number, place));
  for await (const one of timedTrials(list, place, store)) {
    while (compared.length > 0 && compared[0].trial.timeUs < one.trial.timeUs) yield* compared.splice(0, 1);
    yield one;
  }
  yield* compared;
}

function isBehind(timeUs: number, number: number, place: Place): boolean {
  if (timeUs !== place.timeUs) return timeUs > place.timeUs;
  return place.kind === 'trial' || number > place.number;
}

async function* timedTrials({ studyId, limit }: TrialList, place: Place | undefined, store: Source) {
  const size = Math.min(limit, PAGE);
  const behind = place?.kind === 'compared' ? { ...place, number: Number.MAX_SAFE_INTEGER } : place;
  let after: TimePlace | undefined = behind;
  for (;;) {
    const page = await store.fastest(studyId, size, after);
    for (const trial of page) yield { trial, place: `${trial.timeUs}/n${trial.number}` };
    const last = page.at(-1);
    if (page.length < size || last === undefined) return;
    after = last;
  }
}

/** The number of a trial, or the index of a compared configuration; in a list by time also its time. */
type Place = Readonly<{ kind: 'trial' | 'compared'; number: number; timeUs: number }>;

function placeOf({ after, order }: TrialList): Place | undefined {
  if (after === undefined) return undefined;
  const [, time, kind, number] = /^(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\/)?([nc])(\d{1,15})$/.exec(after) ?? [];
  if (kind === undefined || (time === undefined) !== (order === 'number'))
    throw new InputError('after', `'${after}' is not a place of this list`, "give the last answer's next");
  return { kind: kind === 'n' ? 'trial' : 'compared', number: Number(number), timeUs: Number(time ?? 0) };
}
