import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plain } from '../terminal/paint.ts';
import { formatListing, type OpenListing, streamListing } from './listing.ts';

type Row = Readonly<{ name: string; time: number | null }>;

const LISTING: OpenListing<Row> = {
  name: 'rows',
  columns: [
    { title: 'name', text: ({ name }) => name },
    { title: 'µs', key: 'time_us', text: () => '–', raw: ({ time }) => (time === null ? '' : String(time)) },
  ],
  document: (row) => ({ ...row, nested: { names: [row.name], none: {} } }),
  whenEmpty: 'None.',
};

async function* oneByOne(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows;
}

async function streamed(rows: readonly Row[], format: 'json' | 'csv'): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of streamListing(LISTING, oneByOne(rows), format)) pieces.push(piece);
  return pieces;
}

const row = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  time: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
});
const room = { paint: plain, room: Number.POSITIVE_INFINITY };

it.each(['json', 'csv'] as const)('a listing in pieces is the same %s as at once', async (format) => {
  const same = fc.asyncProperty(
    fc.array(row, { maxLength: 5 }),
    // Pieces have a thousand rows.
    fc.constantFrom(0, 1, 999, 1000, 1001, 2000, 2500),
    async (some, count) => {
      const rows = some.length === 0 ? [] : Array.from({ length: count }, (_, at) => some[at % some.length]);
      const whole = formatListing({ ...LISTING, rows }, format, room);
      const pieces = await streamed(rows, format);
      expect(pieces.join('')).toBe(whole);
      expect(pieces.length).toBeLessThanOrEqual(2 + Math.ceil(rows.length / 1000));
    },
  );
  await fc.assert(same, { numRuns: 40 });
});
