import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '../../../search-space/input-error.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import {
  LIST_ORDERS,
  LISTED_STATES,
  type ListedTrial,
  listTrials,
  type TrialList,
} from '../../answers/trial-list.ts';
import { LISTING_FORMATS, type OpenListing, streamListing } from '../../report/listing/listing.ts';
import { configurationText } from '../../report/words/configuration.ts';
import { formatCount, formatMicroseconds } from '../../report/words/numbers.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { NothingFound } from '../nothing-found.ts';
import { studyOption } from '../options/kernel.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import type { Session } from '../session.ts';
import { reading, readingIfThere } from '../stores.ts';

const LIMIT = 50;

export const trials = defineCommand({
  arguments: {},
  options: {
    ...studyOption,
    state: {
      kind: 'text',
      describe: LISTED_STATES.join(', '),
      words: LISTED_STATES,
      otherwise: 'settled',
      group: 'What:',
    },
    order: {
      kind: 'text',
      describe: 'number, or time: fastest first',
      words: LIST_ORDERS,
      otherwise: 'number',
      group: 'What:',
    },
    limit: {
      kind: 'text',
      describe: 'How many at most',
      otherwise: `${LIMIT} in a table, all in csv and json`,
      alias: 'n',
      group: 'What:',
    },
    ...listingOptions,
  },
  examples: [
    ['trials --study 1a2b --order time --limit 10', 'the ten fastest of a study'],
    ['trials --state invalid', 'configurations that could not be timed, and why'],
  ],
  async act(flags, session) {
    const state = flags.oneOf('state', LISTED_STATES, 'settled');
    const order = flags.oneOf('order', LIST_ORDERS, 'number');
    const format = flags.oneOf('format', LISTING_FORMATS, 'table');
    const isForPeople = format === 'table' || format === 'md';
    const limit = flags.count('limit') ?? (isForPeople ? LIMIT : Number.MAX_SAFE_INTEGER);
    const given = flags.text('study');
    if (order === 'time' && given === undefined) throw new InputError('--order', 'time needs a --study');
    const list = async (store: Store): Promise<void> => {
      const studyIds = await studiesOf(given, store);
      const rows = rowsOf({ state, order, limit }, studyIds, store);
      if (isForPeople) return printForPeople(rows, await totalOf(state, studyIds, store), flags, session);
      for await (const piece of streamListing(LISTING, rows, format)) {
        session.print(piece);
        // The reader may have closed the pipe.
        await nextTurn();
      }
    };
    if (given !== undefined) return reading(flags, session, list);
    const listed = await readingIfThere(flags, session, false, (store) => list(store).then(() => true));
    if (!listed) printListing({ ...LISTING, rows: [] }, flags, session);
  },
});

type Store = StudyStore & FindingStore;
type Row = Readonly<{ studyId: string; trial: ListedTrial['trial'] }>;

/** The whole id of the study that was named, or of all, oldest first. Throws NothingFound for a name of none. */
async function studiesOf(given: string | undefined, store: StudyStore): Promise<readonly string[]> {
  if (given === undefined) return (await store.studies()).map(({ study }) => study.id).reverse();
  const study = await store.study(given);
  if (study !== undefined) return [study.id];
  throw new NothingFound(`no single study is called '${given}'; \`nightshift studies\` lists them`);
}

async function* rowsOf(
  { limit, ...list }: Pick<TrialList, 'state' | 'order' | 'limit'>,
  studyIds: readonly string[],
  store: Store,
): AsyncGenerator<Row, void> {
  let left = limit;
  for (const studyId of studyIds) {
    if (left === 0) return;
    for await (const { trial } of listTrials({ ...list, studyId, limit: left }, store)) {
      left--;
      yield { studyId, trial };
    }
  }
}

async function printForPeople(
  rows: AsyncIterable<Row>,
  total: number,
  flags: Flags<'format'>,
  session: Session,
): Promise<void> {
  const listed: Row[] = [];
  for await (const row of rows) listed.push(row);
  printListing({ ...LISTING, rows: listed }, flags, session);
  if (listed.length < total)
    session.say(`${formatCount(listed.length)} of ${formatCount(total)} trials (--limit).\n`);
}

/** How many trials of these studies are in that state. */
async function totalOf(
  state: TrialList['state'],
  studyIds: readonly string[],
  store: StudyStore,
): Promise<number> {
  let total = 0;
  for (const id of studyIds) {
    const counts = await store.counts(id);
    total += state === 'invalid' ? counts.settled - counts.timed : counts[state];
  }
  return total;
}

const LISTING = Object.freeze<OpenListing<Row>>({
  name: 'trials',
  columns: [
    { title: 'study', text: ({ studyId }) => studyId },
    {
      title: 'number',
      align: 'right',
      text: ({ trial }) => ('number' in trial ? String(trial.number) : ''),
    },
    { title: 'state', text: ({ trial }) => trial.state },
    {
      title: 'µs',
      key: 'time_us',
      align: 'right',
      text: ({ trial }) => (trial.state === 'timed' ? formatMicroseconds(trial.timeUs) : '–'),
      raw: ({ trial }) => (trial.state === 'timed' ? String(trial.timeUs) : ''),
    },
    { title: 'for', key: 'subset', text: ({ trial }) => trial.subset },
    { title: 'origin', text: ({ trial }) => trial.origin },
    { title: 'configuration', yields: true, text: ({ trial }) => configurationText(trial.configuration) },
    {
      title: 'why',
      yields: true,
      text: ({ trial }) => (trial.state === 'invalid' ? `${trial.reason}: ${trial.message}` : ''),
    },
  ],
  document: ({ studyId, trial }) => ({
    study: studyId,
    ...('number' in trial && { number: trial.number }),
    state: trial.state,
    configuration: trial.configuration,
    subset: trial.subset,
    origin: trial.origin,
    ...(trial.state === 'timed' && { timeUs: trial.timeUs }),
    ...(trial.state === 'invalid' && { reason: trial.reason, message: trial.message }),
  }),
  whenEmpty: 'No such trials.',
});
