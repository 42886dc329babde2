import { restrictionText } from '../../../search-space/restriction-text.ts';
import type { StudyFilter, StudySummary } from '../../../store/study-store.ts';
import { TIME } from '../../../tuner/objectives/metrics.ts';
import { studyEntryOf } from '../../documents/lists.ts';
import type { Listing } from '../../report/listing/listing.ts';
import { listed } from '../../report/words/listed.ts';
import { formatCount } from '../../text/number-text.ts';
import { studyStateWords } from '../../text/state-words.ts';
import { bestColumns } from '../best-columns.ts';
import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { readingIfThere } from '../stores.ts';

/** Longer lists are cut. */
const MOST_NAMED = 5;

export const studies = defineCommand({
  arguments: {},
  options: {
    kernel: { kind: 'text', describe: 'Only of this kernel', group: 'What:' },
    target: { kind: 'text', describe: 'Only on this target', alias: 't', group: 'What:' },
    ...listingOptions,
  },
  examples: [['studies --kernel gelu', 'the studies of gelu, newest first']],
  async act(flags, session) {
    const kernelName = flags.text('kernel');
    const targetName = flags.text('target');
    const filter = {
      ...(kernelName !== undefined && { kernelName }),
      ...(targetName !== undefined && { targetName }),
    };
    const found = await readingIfThere(flags, session, { rows: [], others: [] }, async (store) => {
      const rows = await store.studies(filter);
      return { rows, others: rows.length === 0 ? await store.studies() : [] };
    });
    printListing({ ...studyListing(found.rows), ...none(filter, found.others) }, flags, session);
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

function studyListing(rows: readonly StudySummary[]): Listing<StudySummary> {
  return {
    name: 'studies',
    rows,
    columns: [
      { title: 'study', text: ({ study }) => study.id },
      { title: 'kernel', yields: 'name', text: ({ kernel }) => kernel.name },
      { title: 'shape', text: ({ kernel }) => kernel.shape },
      { title: 'dtype', text: ({ kernel }) => kernel.dtype },
      { title: 'target', text: ({ target }) => target.name },
      { title: 'from', text: ({ target }) => target.kind },
      { title: 'strategy', text: ({ study }) => study.strategy },
      { title: 'seed', align: 'right', text: ({ study }) => String(study.seed) },
      {
        title: 'trials',
        align: 'right',
        text: ({ settled }) => formatCount(settled),
        raw: ({ settled }) => String(settled),
      },
      ...bestColumns(rows, studyEntryOf),
      { title: 'restricted to', yields: 'words', text: ({ study }) => soughtIn(study) },
      { title: 'state', text: ({ study, lastVisit }) => studyStateWords(study.state, lastVisit) },
    ],
    document: studyEntryOf,
    whenEmpty: 'No studies yet; `nightshift tune gelu` begins one.',
  };
}

/** What is left of the space, and what else than the time is sought in it. */
function soughtIn({ objective, space }: StudySummary['study']): string {
  const sought = objective === TIME ? '' : `for ${objective}`;
  return [restrictionText(space), sought].filter((part) => part !== '').join(', ');
}
