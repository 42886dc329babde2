import type { Store } from '../../../store/store.ts';
import type { StudyFilter, StudyStore, StudySummary } from '../../../store/study-store.ts';
import { currentWriter, type Holder } from '../../../store/writer-lock.ts';
import { isKnown } from '../../../tuner/attribution/gain.ts';
import { TIME } from '../../../tuner/objectives/metrics.ts';
import { changedAt, studyEntryOf, studyRowOf } from '../../documents/lists.ts';
import { outcomeInList, type StudyOutcomeInList } from '../../documents/outcome-in-list.ts';
import type { Column, Listing } from '../../report/listing/listing.ts';
import { listed } from '../../report/words/listed.ts';
import { formatFactor, formatOverDefault } from '../../report/words/numbers.ts';
import { askedAlone } from '../../report/words/study-name.ts';
import { subjectOf } from '../../report/words/subject.ts';
import { formatAge } from '../../text/duration.ts';
import { formatCount } from '../../text/number-text.ts';
import { INTERRUPTED, isFailure, studyStateWords } from '../../text/state-words.ts';
import { bestColumns } from '../best-columns.ts';
import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { readingIfThere } from '../stores.ts';

const HOW_TO_CONTINUE =
  'interrupted: the last visit did not come to its end; the command that began it continues it.\n';

function isInterrupted({ summary: { study, lastVisit }, isAtWork }: Row): boolean {
  return studyStateWords(study.state, lastVisit, isAtWork) === INTERRUPTED;
}

/** Ended by an error, or without a configuration that works. */
function hasFailed({ lastVisit, settled, timed }: StudySummary): boolean {
  if (lastVisit?.state !== 'ended') return false;
  return isFailure(lastVisit.stoppedBy) || (settled > 0 && timed === 0);
}

/** Longer lists are cut. */
const MOST_NAMED = 5;

export const studies = defineCommand({
  arguments: {},
  options: {
    kernel: { kind: 'text', describe: 'Only of this kernel', group: 'What:' },
    target: { kind: 'text', describe: 'Only on this target', alias: 't', group: 'What:' },
    failed: { kind: 'switch', describe: 'Only those that failed', group: 'What:' },
    ...listingOptions,
  },
  examples: [
    ['studies --kernel gelu', 'the studies of gelu, newest first'],
    ['studies --failed', 'what ended in an error, or had no configuration that works'],
  ],
  async act(flags, session) {
    const kernelName = flags.text('kernel');
    const targetName = flags.text('target');
    const filter = {
      ...(kernelName !== undefined && { kernelName }),
      ...(targetName !== undefined && { targetName }),
    };
    const found = await readingIfThere(flags, session, { rows: [], others: [] }, async (store) => {
      const writer = currentWriter(store.location);
      const rows: Row[] = [];
      for (const summary of await store.studies(filter))
        if (!flags.isOn('failed') || hasFailed(summary)) rows.push(await rowOf(summary, writer, store));
      return { rows, others: rows.length === 0 ? await store.studies() : [] };
    });
    const listing = studyListing(found.rows, session.clock.now(), flags.isOn('failed'));
    const empty = flags.isOn('failed') ? { whenEmpty: 'No study failed.' } : none(filter, found.others);
    printListing({ ...listing, ...empty }, flags, session);
    if (found.rows.some(isInterrupted) && !flags.isOn('quiet')) session.say(HOW_TO_CONTINUE);
  },
});

/** What there is instead of the kernel and target that were asked for; nothing where the store has no study. */
function none(
  { kernelName, targetName }: StudyFilter,
  others: readonly StudySummary[],
): Readonly<{ whenEmpty?: string }> {
  if (others.length === 0) return {};
  const asked = [kernelName && `of ${kernelName}`, targetName && `on ${targetName}`]
    .filter(Boolean)
    .join(' ');
  const there = [...new Set(others.map(({ kernel, target }) => `${kernel.name} on ${target.name}`))];
  const named = there.length <= MOST_NAMED ? there : [...there.slice(0, MOST_NAMED), 'others'];
  return { whenEmpty: `No study ${asked}; there are studies of ${listed(named)}.` };
}

type Row = StudyOutcomeInList & Readonly<{ summary: StudySummary; isAtWork: boolean }>;

async function rowOf(summary: StudySummary, writer: Holder | undefined, store: Store): Promise<Row> {
  return {
    summary,
    ...(await outcomeInList(summary.study.id, store)),
    isAtWork: writer !== undefined && (await isTouchedSince(writer.since, summary, store)),
  };
}

/** Whether a visit that has not ended was begun or went on since then. */
async function isTouchedSince(
  since: number,
  { study, lastVisit, settled }: StudySummary,
  store: StudyStore,
): Promise<boolean> {
  if (lastVisit?.state !== 'open') return false;
  const last = await store.listTrials({ studyId: study.id, limit: 1, after: settled - 2 });
  const times = last.flatMap((trial) => ('settledAt' in trial ? [trial.settledAt] : []));
  return Math.max(lastVisit.startedAt, ...times) >= since;
}

function studyListing(rows: readonly Row[], now: number, isOfFailed: boolean): Listing<Row> {
  const isOneType = new Set(rows.map(({ summary }) => summary.kernel.dtype)).size < 2;
  const columns: readonly Column<Row>[] = [
    { title: 'study', text: ({ summary }) => summary.study.id },
    {
      title: 'state',
      yields: 'words',
      stands: 'below',
      text: ({ summary: { study, lastVisit }, isAtWork }) =>
        studyStateWords(study.state, lastVisit, isAtWork),
    },
    { title: 'kernel', yields: 'name', text: ({ summary }) => summary.kernel.name },
    {
      title: 'shape',
      stands: 'below',
      text: ({ summary: { kernel } }) =>
        subjectOf({ name: '', shape: kernel.shape, dtype: isOneType ? '' : kernel.dtype }),
      raw: ({ summary }) => summary.kernel.shape,
    },
    {
      title: 'dtype',
      ...(!isOneType && { only: 'programs' }),
      text: ({ summary }) => subjectOf({ name: '', shape: '', dtype: summary.kernel.dtype }),
      raw: ({ summary }) => summary.kernel.dtype,
    },
    {
      title: 'asked',
      key: 'restricted_to',
      yields: 'words',
      stands: 'below',
      text: ({ summary }) => askedAlone(studyEntryOf(summary)),
    },
    { title: 'target', yields: 'words', text: ({ summary }) => summary.target.name },
    { title: 'from', stands: 'below', text: ({ summary }) => summary.target.kind },
    {
      title: 'trials',
      align: 'right',
      text: ({ summary }) => formatCount(summary.settled),
      raw: ({ summary }) => String(summary.settled),
    },
    {
      title: 'age',
      key: 'changed_at',
      align: 'right',
      stands: 'below',
      text: ({ summary }) => formatAge(now - changedAt(summary)),
      raw: ({ summary }) => new Date(changedAt(summary)).toISOString(),
    },
    ...bestColumns(rows, ({ summary }) => studyEntryOf(summary)),
    { title: 'seed', align: 'right', stands: 'spare', text: ({ summary }) => String(summary.study.seed) },
    { title: 'strategy', stands: 'spare', text: ({ summary }) => summary.study.strategy },
    ...(isOfFailed ? [WHY] : []),
  ];
  // It is a ratio of compared times.
  const behind = columns.findIndex(({ key }) => key === 'compared_us') + 1;
  return {
    name: 'studies',
    rows,
    columns: [...columns.slice(0, behind), GAIN, ...columns.slice(behind)],
    document: ({ summary, ...outcome }) => studyRowOf(summary, outcome),
    whenEmpty: 'No studies yet; `nightshift tune gelu` begins one.',
  };
}

const WHY: Column<Row> = Object.freeze<Column<Row>>({
  title: 'why',
  yields: 'words',
  text: ({ failure }) => failure ?? '',
});

const GAIN: Column<Row> = Object.freeze<Column<Row>>({
  title: 'gain over default',
  key: 'gain_over_default',
  align: 'right',
  stands: 'below',
  text: ({ summary, gain }) =>
    isKnown(gain) ? formatFactor(gain.value) : formatOverDefault(gain, isDefaultUsed(summary)),
  raw: ({ gain }) => (isKnown(gain) ? String(gain.value) : ''),
});

/** Nothing else leaves a compared study that seeks the time without a gain to tell. */
function isDefaultUsed({ study, best }: StudySummary): boolean {
  return study.objective === TIME && best?.basis === 'comparison';
}
