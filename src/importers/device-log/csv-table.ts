import { InputError } from '../../../search-space/input-error.ts';

/** A line of a table, with its number in the file. */
export type CsvLine = Readonly<{ line: number; cells: readonly string[] }>;

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** The lines of comma-separated values (RFC 4180) that are not empty. Throws InputError for a quote that is out of place. */
export function csvLines(name: string, text: string): readonly CsvLine[] {
  const found: CsvLine[] = [];
  const cell = new RegExp(CELL);
  let line = 1;
  let cells: string[] = [];
  let start = line;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) throw new InputError(`${name}, line ${line}`, 'has a quote that is out of place');
    const [whole, quoted, bare, end] = match;
    cells.push((quoted?.replaceAll('""', '"') ?? bare ?? '').trim());
    line += whole.split('\n').length - 1;
    if (end === ',' && cell.lastIndex < text.length) continue;
    if (cells.some((one) => one !== '')) found.push({ line: start, cells });
    cells = [];
    start = line;
  }
  return found;
}
