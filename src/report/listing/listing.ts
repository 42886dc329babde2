import type { Paint } from '../terminal/paint.ts';
import { drawTable } from '../terminal/table.ts';
import { formatCsv } from './csv.ts';
import { formatMarkdown } from './markdown.ts';

export const LISTING_FORMATS = ['table', 'json', 'csv', 'md'] as const;
export type ListingFormat = (typeof LISTING_FORMATS)[number];

/** One column for people (`text`) and for spreadsheets (`raw`, where it differs). */
export type Column<Row> = Readonly<{
  title: string;
  align?: 'right';
  text(row: Row): string;
  raw?(row: Row): string;
}>;

/** Rows under a name, in every format a listing command speaks. */
export type Listing<Row> = Readonly<{
  /** The key of the rows in the JSON document: "kernels". */
  name: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** What a row is in JSON; its schema is docs/schema/<name>.json. */
  document(row: Row): unknown;
  /** A sentence instead of an empty table. */
  whenEmpty: string;
}>;

export const LISTING_SCHEMA_VERSION = 1;

/** The whole listing as text that ends in a newline. */
export function formatListing<Row>(listing: Listing<Row>, format: ListingFormat, paint: Paint): string {
  const { name, rows, columns, document } = listing;
  if (format === 'json') {
    return `${JSON.stringify({ schemaVersion: LISTING_SCHEMA_VERSION, [name]: rows.map(document) }, null, 2)}\n`;
  }
  const titles = columns.map(({ title }) => title);
  if (format === 'csv') {
    return formatCsv(
      titles,
      rows.map((row) => columns.map(({ raw, text }) => (raw ?? text)(row))),
    );
  }
  const cells = rows.map((row) => columns.map(({ text }) => text(row)));
  const aligns = columns.map(({ align }) => align ?? 'left');
  if (format === 'md') return formatMarkdown(titles, aligns, cells);
  return rows.length === 0 ? `${listing.whenEmpty}\n` : drawTable({ titles, aligns, cells }, paint);
}
