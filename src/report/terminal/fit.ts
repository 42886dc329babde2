import { middleCut } from '../../text/middle-cut.ts';
import type { Paint } from './paint.ts';
import { type Cells, drawTable } from './table.ts';
import { clip, flow, width, wrapped } from './width.ts';

const GAP = 2;
const MARK = '…';
const NOTHING = '–';

/**
 * What a column does in a table that is too wide: running text ends in "…", a name is shortened in its middle, and words
 * go on in the next line. Other columns never lose anything.
 */
export type GivesWay = 'text' | 'name' | 'words';

/** In this order, each down to so many columns. */
const LEAST: readonly (readonly [GivesWay, number])[] = Object.freeze([
  ['text', 12],
  ['words', 24],
  ['name', 16],
]);

export type FittingCells = Cells & Readonly<{ yields: readonly (GivesWay | undefined)[] }>;

/**
 * A table in `room` columns of text. What is the same in all rows stands above it, once. Where its rows are too long even
 * then, each becomes a paragraph, so that nothing is left out.
 */
export function drawFitted(table: FittingCells, room: number, paint: Paint): string {
  const { said, rest } = hoisted(table);
  const above = said === '' ? '' : paint.dim(wrapped(said, room));
  const widths = fittingWidths(rest, room);
  if (widths === undefined) return above + paragraphs(rest, room, paint);
  const { titles, aligns, yields } = rest;
  const cells = rest.cells.flatMap((row) => linesOf(row, widths, yields));
  return above + drawTable({ titles, aligns, cells }, paint);
}

/** What is the same in all of several rows, in words, and the table without it. */
function hoisted(table: FittingCells): Readonly<{ said: string; rest: FittingCells }> {
  const { titles, cells } = table;
  const [first] = cells;
  const isSame = titles.map(
    (_, place) => cells.length > 1 && cells.every((row) => row[place] === first[place]),
  );
  if (isSame.every(Boolean)) return { said: '', rest: table };
  const words = titles.flatMap((title, place) =>
    isSame[place] && first[place] !== '' && first[place] !== NOTHING ? [`${title} ${first[place]}`] : [],
  );
  const kept = <T>(list: readonly T[]): readonly T[] => list.filter((_, place) => !isSame[place]);
  const rest = {
    titles: kept(titles),
    aligns: kept(table.aligns),
    yields: kept(table.yields),
    cells: cells.map(kept),
  };
  return { said: words.length === 0 ? '' : `In all: ${words.join(' · ')}`, rest };
}

/** The columns' widths; undefined where they cannot be small enough. */
function fittingWidths({ titles, cells, yields }: FittingCells, room: number): readonly number[] | undefined {
  const widths = titles.map((title, place) =>
    Math.max(width(title), ...cells.map((row) => width(row[place]))),
  );
  const spare = (): number => room - widths.reduce((sum, own) => sum + own + GAP, -GAP);
  for (const [kind, least] of LEAST) {
    const places = yields.flatMap((own, place) => (own === kind ? [place] : []));
    while (spare() < 0) {
      const [widest] = places.toSorted((a, b) => widths[b] - widths[a]);
      if (widest === undefined || widths[widest] <= least) break;
      widths[widest] -= 1;
    }
  }
  return spare() < 0 ? undefined : widths;
}

/** A row's lines: its cells, then what is left of words that are wrapped. */
function linesOf(
  row: readonly string[],
  widths: readonly number[],
  yields: FittingCells['yields'],
): readonly (readonly string[])[] {
  const columns = row.map((cell, place) => {
    const columns = widths[place];
    if (width(cell) <= columns) return [cell];
    if (yields[place] === 'name') return [middleCut(cell, columns)];
    if (yields[place] === 'words') return flow(cell.split(' '), columns, '', ' ').split('\n');
    return [`${clip(cell, columns - 1).trimEnd()}${MARK}`];
  });
  const lines = Math.max(1, ...columns.map(({ length }) => length));
  return Array.from({ length: lines }, (_, line) => columns.map((texts) => texts[line] ?? ''));
}

/** A row's first cell, below it what else is known, and running text in lines of its own. */
function paragraphs({ titles, cells, yields }: FittingCells, room: number, paint: Paint): string {
  const isText = (place: number): boolean => yields[place] === 'text' || yields[place] === 'words';
  return cells
    .map((row) => {
      const known = row.flatMap((cell, place) =>
        place === 0 || cell === '' ? [] : [{ words: `${titles[place]} ${cell}`, isText: isText(place) }],
      );
      const short = known.filter((one) => !one.isText).map(({ words }) => words);
      const long = known
        .filter((one) => one.isText)
        .map(({ words }) => flow(words.split(' '), room, '  ', ' '));
      const lines = short.length === 0 ? long : [flow(short, room, '  ', ' · '), ...long];
      return [paint.bold(row[0]), ...lines].map((line) => `${line}\n`).join('');
    })
    .join('');
}
