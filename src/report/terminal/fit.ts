import type { Cells } from './table.ts';
import { clip, width } from './width.ts';

const GAP = 2;
/** The least width of a shortened column. */
const LEAST = 6;
const MARK = '…';

/**
 * Fits a table into `room` columns of text. Cells are shortened to end in "…": first those of the
 * `yielding` columns (their indices), the widest first. If that is not enough, the last columns are
 * left out.
 */
export function fitted(cells: Cells, room: number, yielding: readonly number[]): Cells {
  const widths = cells.titles.map((title, place) =>
    Math.max(width(title), ...cells.cells.map((row) => width(row[place]))),
  );
  const places = widths.map((_, place) => place);
  const spare = () => room - widths.reduce((sum, own) => sum + own + GAP, -GAP);
  for (const group of [yielding, places]) {
    while (spare() < 0) {
      const widest = group.toSorted((a, b) => widths[b] - widths[a])[0];
      if (widest === undefined || widths[widest] <= LEAST) break;
      widths[widest] = Math.max(LEAST, widths[widest] + Math.max(-1, spare()));
    }
  }
  const kept = places.filter(
    (place) => widths.slice(0, place + 1).reduce((sum, own) => sum + own + GAP, -GAP) <= room,
  );
  const row = (texts: readonly string[]): string[] =>
    kept.map((place) => shortened(texts[place], widths[place]));
  return {
    titles: row(cells.titles),
    aligns: kept.map((place) => cells.aligns[place]),
    cells: cells.cells.map(row),
  };
}

function shortened(text: string, columns: number): string {
  return width(text) <= columns ? text : `${clip(text, columns - 1).trimEnd()}${MARK}`;
}
