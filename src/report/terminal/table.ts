import type { Paint } from './paint.ts';
import { type Align, pad, width } from './width.ts';

export type Cells = Readonly<{
  titles: readonly string[];
  aligns: readonly Align[];
  cells: readonly (readonly string[])[];
}>;

/** A table whose columns are two blanks apart, without rules and trailing blanks. */
export function drawTable({ titles, aligns, cells }: Cells, paint: Paint): string {
  const widths = titles.map((title, place) =>
    Math.max(width(title), ...cells.map((row) => width(row[place]))),
  );
  const line = (row: readonly string[], mark: (text: string) => string): string =>
    `${row
      .map((cell, place) => mark(pad(cell, widths[place], aligns[place])))
      .join('  ')
      .trimEnd()}\n`;
  return [line(titles, paint.bold), ...cells.map((row) => line(row, (text) => text))].join('');
}
