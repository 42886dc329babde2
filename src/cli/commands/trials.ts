import { InputError } from '../../../search-space/input-error.ts';
import type { ListedTrial } from '../../../store/trial-store.ts';
import type { Listing } from '../../report/listing/listing.ts';
import { formatMicroseconds } from '../../report/terminal/numbers.ts';
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
      otherwise: String(LIMIT),
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
    const limit = flags.count('limit') ?? LIMIT;
    const given = flags.text('study');
    if (order === 'time' && given === undefined) throw new InputError('--order', 'time needs a --study');
    const filter = { ...(state !== 'settled' && { state }), order, limit };
    const rows =
      given === undefined
        ? await readingIfThere(flags, session, [], (store) => store.listTrials(filter))
        : await reading(flags, session, async (store) => {
            const study = await store.study(given);
            if (study !== undefined) return store.listTrials({ ...filter, studyId: study.id });
            throw new NothingFound(`no single study is called '${given}'; \`nightshift studies\` lists them`);
          });
    printListing(trialListing(rows), flags, session);
  },
});

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
        align: 'right',
        text: ({ trial }) => (trial.state === 'timed' ? formatMicroseconds(trial.timeUs) : '–'),
        raw: ({ trial }) => (trial.state === 'timed' ? String(trial.timeUs) : ''),
      },
      { title: 'for', text: ({ trial }) => trial.subset },
      { title: 'origin', text: ({ trial }) => trial.origin },
      { title: 'configuration', text: ({ trial }) => describe(trial.configuration) },
      {
        title: 'why',
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
