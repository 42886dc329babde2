import { restrictionText } from '../../../search-space/restriction-text.ts';
import type { StudySummary } from '../../../store/study-store.ts';
import { studyEntryOf } from '../../documents/lists.ts';
import type { Listing } from '../../report/listing/listing.ts';
import { formatCount, formatMicroseconds } from '../../report/words/numbers.ts';
import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { readingIfThere } from '../stores.ts';

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
    const rows = await readingIfThere(flags, session, [], (store) => store.studies(filter));
    printListing(studyListing(rows), flags, session);
  },
});

const ENDS: Readonly<Record<string, string>> = Object.freeze({
  trials: 'budget spent',
  time: 'budget spent',
  deadline: 'budget spent',
  stalled: 'no more gain',
  failing: 'all failed',
});

/** What ended the last visit, or its state. */
function stateOf({ study: { state }, lastVisit: visit }: StudySummary): string {
  if (state === 'paused' || state === 'cancelled') return state;
  if (visit === undefined) return 'not begun';
  return visit.state === 'open' ? 'open' : (ENDS[visit.stoppedBy] ?? visit.stoppedBy);
}

function studyListing(rows: readonly StudySummary[]): Listing<StudySummary> {
  return {
    name: 'studies',
    rows,
    columns: [
      { title: 'study', text: ({ study }) => study.id },
      { title: 'kernel', text: ({ kernel }) => kernel.name },
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
      {
        title: 'best µs',
        key: 'best_time_us',
        align: 'right',
        text: ({ best }) => (best === undefined ? '–' : formatMicroseconds(best.timeUs)),
        raw: ({ best }) => (best === undefined ? '' : String(best.timeUs)),
      },
      { title: 'restricted to', yields: true, text: ({ study }) => restrictionText(study.space) },
      { title: 'state', text: stateOf },
    ],
    document: studyEntryOf,
    whenEmpty: 'No studies yet; `nightshift tune gelu` begins one.',
  };
}
