import { InputError } from '../../../search-space/input-error.ts';
import type { ListedTrial, StudyStore, StudySummary } from '../../../store/study-store.ts';
import { LISTING_FORMATS, type Listing } from '../../report/listing/listing.ts';
import { formatCount, formatMicroseconds } from '../../report/terminal/numbers.ts';
import { defineCommand } from '../command.ts';
import { NothingFound } from '../nothing-found.ts';
import { studyOption } from '../options/kernel.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { reading, readingIfThere } from '../stores.ts';

const STATES = ['settled', 'timed', 'invalid', 'running', 'abandoned'] as const;
const ORDERS = ['number', 'time'] as const;
const LIMIT = 50;

export const trials = defineCommand({
  arguments: {},
  options: {
    ...studyOption,
    state: { kind: 'text', describe: STATES.join(', '), otherwise: 'settled', group: 'What:' },
    order: { kind: 'text', describe: 'number, or time: fastest first', otherwise: 'number', group: 'What:' },
    limit: {
      kind: 'text',
      describe: 'So many at most',
      otherwise: `${LIMIT} in a table, all in csv and json`,
      alias: 'n',
      group: 'What:',
    },
    ...listingOptions,
  },
  examples: [
    ['trials --study 1a2b --order time --limit 10', 'the ten fastest of a study'],
    ['trials --state invalid', 'what could not be timed, and why'],
  ],
  async act(flags, session) {
    const state = flags.oneOf('state', STATES, 'settled');
    const order = flags.oneOf('order', ORDERS, 'number');
    const format = flags.oneOf('format', LISTING_FORMATS, 'table');
    const forPeople = format === 'table' || format === 'md';
    const limit = flags.count('limit') ?? (forPeople ? LIMIT : Number.MAX_SAFE_INTEGER);
    const given = flags.text('study');
    if (order === 'time' && given === undefined) throw new InputError('--order', 'time needs a --study');
    const filter = { ...(state !== 'settled' && { state }), order, limit };
    const list = async (store: StudyStore): Promise<Listed> => {
      const studyId = await idOf(given, store);
      const rows = await store.listTrials({ ...filter, ...(studyId !== undefined && { studyId }) });
      const summaries = rows.length < limit ? [] : await store.studies();
      const counted = summaries.filter(({ study }) => study.id === (studyId ?? study.id));
      return { rows, total: totalOf(order === 'time' ? 'timed' : state, counted) };
    };
    const { rows, total } =
      given === undefined
        ? await readingIfThere(flags, session, { rows: [], total: 0 }, list)
        : await reading(flags, session, list);
    printListing(trialListing(rows), flags, session);
    if (forPeople && rows.length < total)
      session.say(`${formatCount(rows.length)} of ${formatCount(total)} trials (--limit).\n`);
  },
});

type Listed = Readonly<{ rows: readonly ListedTrial[]; total: number }>;

/** The whole id. Throws NothingFound where no single study begins so. */
async function idOf(given: string | undefined, store: StudyStore): Promise<string | undefined> {
  if (given === undefined) return undefined;
  const study = await store.study(given);
  if (study !== undefined) return study.id;
  throw new NothingFound(`no single study is called '${given}'; \`nightshift studies\` lists them`);
}

/** How many of these studies' trials are in that state; 0 where no summary counts them. */
function totalOf(state: (typeof STATES)[number], summaries: readonly StudySummary[]): number {
  const sum = (count: (summary: StudySummary) => number): number =>
    summaries.reduce((total, summary) => total + count(summary), 0);
  if (state === 'settled') return sum(({ settled }) => settled);
  if (state === 'timed') return sum(({ timed }) => timed);
  return state === 'invalid' ? sum(({ settled, timed }) => settled - timed) : 0;
}

function trialListing(rows: readonly ListedTrial[]): Listing<ListedTrial> {
  return {
    name: 'trials',
    rows,
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
      { title: 'configuration', yields: true, text: ({ trial }) => describe(trial.configuration) },
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
  };
}

function describe(configuration: ListedTrial['trial']['configuration']): string {
  return Object.entries(configuration)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
