import type { Listing } from '../report/listing/listing.ts';
import { machineOf } from '../targets/npu/machine/load.ts';
import { type FigureOrigin, originsOf } from '../targets/npu/machine/origins.ts';
import { targetReference } from './references.ts';

type Row = FigureOrigin & Readonly<{ figure: string }>;

/** The figures of a simulated target or of a machine file. Throws InputError for anything else. */
export function figureListing(word: string): Listing<Row> {
  const machine = machineOf(targetReference(word));
  return {
    name: 'figures',
    rows: [...originsOf(machine)].map(([figure, origin]) => ({ figure, ...origin })),
    columns: [
      { title: 'figure', text: ({ figure }) => figure },
      { title: 'value', align: 'right', text: ({ value }) => String(value) },
      { title: 'range', text: ({ range }) => (range === undefined ? '' : range.join(' to ')) },
      { title: 'origin', text: ({ kind }) => kind },
      { title: 'source', yields: 'text', text: ({ source }) => source },
    ],
    document: ({ figure, value, range, kind, source }) => ({
      figure,
      value,
      low: range?.[0] ?? null,
      high: range?.[1] ?? null,
      origin: kind,
      source,
    }),
    whenEmpty: 'no figures',
  };
}
