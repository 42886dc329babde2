import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '../../../search-space/input-error.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StudyStore, StudySummary } from '../../../store/study-store.ts';
import { targetKinds } from '../../../store/target-kinds.ts';
import { mechanismsOf } from '../../../tuner/attribution/subspaces.ts';
import { LIST_ORDERS, LISTED_STATES, listTrials, type TrialList } from '../../answers/trial-list.ts';
import { studyEntryOf } from '../../documents/lists.ts';
import { LISTING_FORMATS, streamListing } from '../../report/listing/listing.ts';
import { type StudyTrial, trialListing } from '../../report/listing/trial-listing.ts';
import { countOf } from '../../report/words/numbers.ts';
import { studyName } from '../../report/words/study-name.ts';
import { byCodeUnits } from '../../text/by-code-units.ts';
import { formatCount } from '../../text/number-text.ts';
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
    ['trials --study 1a2b --format csv', 'a column for each parameter, samples and times of day'],
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
      if (isForPeople) {
        const metrics = await metricsOf(studyIds, store);
        return printForPeople(rows, metrics, await totalOf(state, studyIds, store), store, flags, session);
      }
      const isCsv = format === 'csv';
      const listing = trialListing(
        isCsv ? await parametersOf(studyIds, store) : [],
        isCsv ? await metricsOf(studyIds, store) : [],
      );
      for await (const piece of streamListing(listing, rows, format)) {
        session.print(piece);
        // The reader may have closed the pipe.
        await nextTurn();
      }
    };
    if (given !== undefined) return reading(flags, session, list);
    const listed = await readingIfThere(flags, session, false, (store) => list(store).then(() => true));
    if (!listed) printListing({ ...trialListing([], []), rows: [] }, flags, session);
  },
});

type Store = StudyStore & FindingStore;

/** The whole id of the study that was named, or of all, oldest first. Throws NothingFound for a name of none. */
async function studiesOf(given: string | undefined, store: StudyStore): Promise<readonly string[]> {
  if (given === undefined) return (await store.studies()).map(({ study }) => study.id).reverse();
  const study = await store.study(given);
  if (study !== undefined) return [study.id];
  throw new NothingFound(`no single study is called '${given}'; \`nightshift studies\` lists them`);
}

/** The names of all parameters of these studies, in their order. */
async function parametersOf(studyIds: readonly string[], store: StudyStore): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const id of studyIds)
    for (const { name } of (await store.study(id))?.space.parameters ?? []) names.add(name);
  return [...names];
}

/** The names of all metrics of these studies, sorted. */
async function metricsOf(studyIds: readonly string[], store: StudyStore): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const id of studyIds) for (const name of await store.metricNames(id)) names.add(name);
  return [...names].sort(byCodeUnits);
}

async function* rowsOf(
  { limit, ...list }: Pick<TrialList, 'state' | 'order' | 'limit'>,
  studyIds: readonly string[],
  store: Store,
): AsyncGenerator<StudyTrial, void> {
  let left = limit;
  for (const studyId of studyIds) {
    if (left === 0) return;
    const { parameters = [] } = (await store.study(studyId))?.space ?? {};
    const hasMechanisms = mechanismsOf(parameters).size > 0;
    for await (const { trial } of listTrials({ ...list, studyId, limit: left }, store)) {
      left--;
      yield { studyId, trial, hasMechanisms };
    }
  }
}

/** "1a2b3c4d5e6f: gelu 65536 f32 on npu, simulated" */
function titleOf(summary: StudySummary): string {
  const name = studyName(studyEntryOf(summary));
  return `${summary.study.id}: ${name}, ${targetKinds[summary.target.kind].label}`;
}

async function printForPeople(
  rows: AsyncIterable<StudyTrial>,
  metrics: readonly string[],
  total: number,
  store: StudyStore,
  flags: Flags<'format'>,
  session: Session,
): Promise<void> {
  const listed: StudyTrial[] = [];
  for await (const row of rows) listed.push(row);
  for (const id of new Set(listed.map(({ studyId }) => studyId))) {
    const summary = await store.summary(id);
    if (summary !== undefined) session.printLine(titleOf(summary));
  }
  printListing({ ...trialListing([], metrics, listed), rows: listed }, flags, session);
  if (listed.length < total)
    session.say(`${formatCount(listed.length)} of ${countOf(total, 'trial')} (--limit).\n`);
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
