import type { Paint } from './paint.ts';
import { type Align, pad, width } from './width.ts';

export type Cells = Readonly<{
  titles: readonly string[];
  aligns: readonly Align[];
  cells: readonly (readonly string[])[];
}>;

/** A table whose columns are two blanks apart, without rules and trailing blanks. A title may have several lines. */
export function drawTable({ titles, aligns, cells }: Cells, paint: Paint): string {
  const heads = titles.map((title) => title.split('\n'));
  const widths = heads.map((lines, place) =>
    Math.max(...lines.map(width), ...cells.map((row) => width(row[place]))),
  );
  const deepest = Math.max(...heads.map(({ length }) => length));
  const line = (row: readonly string[], mark: (text: string) => string): string =>
    `${row
      .map((cell, place) => {
        // Nothing stands behind the last, so that no line ends in blanks that a mark keeps.
        const padded = pad(cell, widths[place], aligns[place]);
        const shown = place === row.length - 1 ? padded.trimEnd() : padded;
        return shown === '' ? '' : mark(shown);
      })
      .join('  ')
      .trimEnd()}\n`;
  return [
    ...Array.from({ length: deepest }, (_, depth) =>
      line(
        heads.map((lines) => lines[depth] ?? ''),
        paint.bold,
      ),
    ),
    ...cells.map((row) => line(row, (text) => text)),
  ].join('');
}
