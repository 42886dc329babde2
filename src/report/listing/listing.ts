import { formatCsv } from '../../languages/csv.ts';
import { prettyJson } from '../../languages/json.ts';
import { markdownTable, markdownText } from '../../languages/markdown.ts';
import { oneLine } from '../../languages/visible.ts';
import { type ColumnPlace, drawFitted, type GivesWay } from '../terminal/fit.ts';
import type { Paint } from '../terminal/paint.ts';

export const LISTING_FORMATS = ['table', 'json', 'csv', 'md'] as const;
export type ListingFormat = (typeof LISTING_FORMATS)[number];

/** One column, for people (`title`, `text`) and, if different, for programs (`key`, `raw`). */
export type Column<Row> = Readonly<{
  title: string;
  /** The column's name in CSV: snake_case, with the unit. The default is the title with underscores. */
  key?: string;
  align?: 'right';
  /** What its cells do on a narrow terminal; those of other columns never lose anything. */
  yields?: GivesWay;
  /** What the column does there. */
  stands?: ColumnPlace;
  /** For people: not in CSV. For programs: in CSV only. */
  only?: 'people' | 'programs';
  text(row: Row): string;
  raw?(row: Row): string;
}>;

/** Named rows, which can be printed in every format of the listing commands. */
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

/** The same without its rows, which come one after the other. */
export type OpenListing<Row> = Omit<Listing<Row>, 'rows'>;

export const LISTING_SCHEMA_VERSION = 1;

/** The whole listing as text that ends in a newline. */
export function formatListing<Row>(
  listing: Listing<Row>,
  format: ListingFormat,
  { paint, room }: Readonly<{ paint: Paint; room: number }>,
): string {
  const { name, rows, document } = listing;
  if (format === 'json') {
    return prettyJson({ schemaVersion: LISTING_SCHEMA_VERSION, [name]: rows.map(document) });
  }
  if (format === 'csv') return formatCsv(csvTitles(listing), rows.map(csvCells(listing)));
  const columns = listing.columns.filter(({ only }) => only !== 'programs');
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map(({ text }) => oneLine(text(row))));
  const aligns = columns.map(({ align }) => align ?? 'left');
  if (format === 'md')
    return markdownTable(
      titles,
      aligns,
      cells.map((row) => row.map(markdownText)),
    );
  if (rows.length === 0) return `${listing.whenEmpty}\n`;
  const yields = columns.map((column) => column.yields);
  const stands = columns.map((column) => column.stands);
  return drawFitted({ titles, aligns, cells, yields, stands }, room, paint);
}

/** The text of the formats that need not know all rows at once, in pieces of some rows. */
export async function* streamListing<Row>(
  listing: OpenListing<Row>,
  rows: AsyncIterable<Row>,
  format: 'json' | 'csv',
): AsyncGenerator<string, void> {
  if (format === 'csv') {
    const cells = csvCells(listing);
    yield formatCsv(csvTitles(listing), []);
    for await (const some of inPieces(rows)) {
      const [first, ...rest] = some.map(cells);
      yield formatCsv(first, rest);
    }
    return;
  }
  yield `{\n  "schemaVersion": ${LISTING_SCHEMA_VERSION},\n  ${JSON.stringify(listing.name)}: [`;
  let isFirst = true;
  for await (const some of inPieces(rows)) {
    const texts = some.map((row) => prettyJson(listing.document(row)).trimEnd().replaceAll('\n', '\n    '));
    yield `${isFirst ? '' : ','}\n    ${texts.join(',\n    ')}`;
    isFirst = false;
  }
  yield isFirst ? ']\n}\n' : '\n  ]\n}\n';
}

function csvTitles<Row>(listing: OpenListing<Row>): readonly string[] {
  return csvColumns(listing).map(columnKey);
}

function csvCells<Row>(listing: OpenListing<Row>): (row: Row) => readonly string[] {
  const columns = csvColumns(listing);
  return (row) => columns.map(({ raw, text }) => (raw ?? text)(row));
}

function csvColumns<Row>({ columns }: OpenListing<Row>): readonly Column<Row>[] {
  return columns.filter(({ only }) => only !== 'people');
}

/** A column's name in CSV. */
export function columnKey({ key, title }: Pick<Column<never>, 'key' | 'title'>): string {
  return key ?? title.replaceAll(' ', '_');
}

/** Rows in each piece of text. */
const PIECE = 1000;

async function* inPieces<Row>(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[], void> {
  let piece: Row[] = [];
  for await (const row of rows) {
    piece.push(row);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
