import { listNamedTargets } from '../../targets/resolve.ts';
import { formatCount } from '../../text/number-text.ts';
import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';
import { figureListing } from '../target-figures.ts';

export const targets = defineCommand({
  arguments: { target: 'A simulated target, or a file ./mine.json: lists its figures' },
  options: listingOptions,
  examples: [
    ['targets', 'then tune with --target <name>, or with your own file: --target ./mine.json'],
    ['targets hexagon-v75', 'each figure: its range, and whether it was measured, fitted, or is a prior'],
  ],
  async act(flags, session) {
    const asked = flags.text('target');
    if (asked !== undefined) return printListing(figureListing(asked), flags, session);
    printListing(
      {
        name: 'targets',
        rows: listNamedTargets(),
        columns: [
          { title: 'target', text: ({ name }) => name },
          { title: 'kind', text: ({ kind }) => kind },
          { title: 'contexts', align: 'right', text: ({ figures }) => counted(figures?.contexts) },
          { title: 'vector bytes', align: 'right', text: ({ figures }) => counted(figures?.vectorBytes) },
          {
            title: 'scratchpad KiB',
            key: 'scratchpad_kib',
            align: 'right',
            text: ({ figures }) => (figures === null ? '' : formatCount(figures.scratchpadBytes / 1024)),
            raw: ({ figures }) => (figures === null ? '' : String(figures.scratchpadBytes / 1024)),
          },
          {
            title: 'intervals from',
            key: 'intervals_from',
            text: ({ figures }) => figures?.intervalsFrom ?? '',
          },
          { title: 'what it is', key: 'description', yields: 'text', text: ({ description }) => description },
        ],
        document: ({ name, kind, description, figures }) => ({
          name,
          kind,
          description,
          contexts: figures?.contexts ?? null,
          vectorBytes: figures?.vectorBytes ?? null,
          scratchpadBytes: figures?.scratchpadBytes ?? null,
          clockGHz: figures?.clockGHz ?? null,
          intervalsFrom: figures?.intervalsFrom ?? null,
        }),
        whenEmpty: 'no targets',
      },
      flags,
      session,
    );
  },
});

function counted(figure: number | undefined): string {
  return figure === undefined ? '' : String(figure);
}
