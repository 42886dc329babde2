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
  ['words', 12],
]);

/**
 * Where a column stands in a table that is too wide: spare ones are left out first, the last one first; then those
 * `below` go below the column before them.
 */
export type ColumnPlace = 'spare' | 'below';

export type FittingCells = Cells &
  Readonly<{ yields?: readonly (GivesWay | undefined)[]; stands?: readonly (ColumnPlace | undefined)[] }>;

/** What stands in one column of the drawn table: the places of the table's columns, from above. */
type Stack = readonly number[];

/** Blanks before what stands below something else. */
const INDENT = '  ';

/**
 * A table in `room` columns of text. What is the same in all rows stands above it, once. Where its rows are too long even
 * then, it gives way as `drawWithin` says.
 */
export function drawFitted(table: FittingCells, room: number, paint: Paint): string {
  const { said, rest } = hoisted(table);
  const [first, ...others] = said;
  const above =
    first === undefined
      ? ''
      : paint.dim(`${flow([`In all: ${first}`, ...others], room, '', ' · ', INDENT)}\n`);
  return above + drawWithin(rest, room, paint);
}

/**
 * A table in `room` columns of text: where its rows are too long, spare columns are left out, which is said, and others go
 * one below the other; where nothing helps, each row becomes a paragraph, so that nothing is left out.
 */
export function drawWithin(table: FittingCells, room: number, paint: Paint): string {
  for (const stacks of layoutsOf(table)) {
    const widths = fittingWidths(table, stacks, room);
    if (widths === undefined) continue;
    const out = table.titles.filter((_, place) => !stacks.flat().includes(place));
    const below = out.length === 0 ? '' : `Too wide for here: ${out.join(', ')}; --format md has them.`;
    return drawTable(laidOut(table, stacks, widths), paint) + paint.dim(wrapped(below, room));
  }
  return paragraphs(table, room, paint);
}

/** What columns a table can have, from the widest to the narrowest. */
function* layoutsOf({ titles, stands = [] }: FittingCells): Generator<readonly Stack[], void> {
  let left = titles.map((_, place) => place);
  const alone = (): readonly Stack[] => left.map((place) => [place]);
  yield alone();
  for (const place of left.filter((place) => stands[place] === 'spare').reverse()) {
    left = left.filter((other) => other !== place);
    yield alone();
  }
  const stacks: number[][] = [];
  for (const place of left) {
    const above = stands[place] === 'below' ? stacks.at(-1) : undefined;
    if (above === undefined) stacks.push([place]);
    else above.push(place);
  }
  yield stacks;
}

/** What is the same in all of several rows, column for column, and the table without it. */
function hoisted(table: FittingCells): Readonly<{ said: readonly string[]; rest: FittingCells }> {
  const { titles, cells } = table;
  const [first] = cells;
  const isSame = titles.map(
    (_, place) => cells.length > 1 && cells.every((row) => row[place] === first[place]),
  );
  if (isSame.every(Boolean)) return { said: [], rest: table };
  const said = titles.flatMap((title, place) =>
    isSame[place] && first[place] !== '' && first[place] !== NOTHING ? [`${title} ${first[place]}`] : [],
  );
  const kept = <T>(list: readonly T[]): readonly T[] => list.filter((_, place) => !isSame[place]);
  // What stands below a column that is said above begins a stack itself.
  const stands = titles.map((_, place) =>
    isSame[place - 1] && table.stands?.[place] === 'below' ? undefined : table.stands?.[place],
  );
  const rest = {
    titles: kept(titles),
    aligns: kept(table.aligns),
    yields: kept(titles.map((_, place) => table.yields?.[place])),
    stands: kept(stands),
    cells: cells.map(kept),
  };
  return { said, rest };
}

/** The stacks' widths; undefined where they cannot be small enough. */
function fittingWidths(
  table: FittingCells,
  stacks: readonly Stack[],
  room: number,
): readonly number[] | undefined {
  const given = new Map<GivesWay, number>();
  const leastOf = (stack: Stack): number =>
    Math.max(
      ...stack.map((place, depth) => {
        const title = Math.max(...titleLines(table.titles[place], stack, 0).map(width));
        return indentAt(depth).length + Math.max(title, leastWidth(table, place, given));
      }),
    );
  const widths = stacks.map(leastOf);
  const spare = (): number => room - widths.reduce((sum, own) => sum + own + GAP, -GAP);
  for (const [kind, least] of LEAST) {
    given.set(kind, least);
    const floors = stacks.map(leastOf);
    while (spare() < 0) {
      const [widest] = widths
        .flatMap((own, place) => (own > floors[place] ? [place] : []))
        .sort((a, b) => widths[b] - widths[a]);
      if (widest === undefined) break;
      widths[widest] -= 1;
    }
  }
  return spare() < 0 ? undefined : widths;
}

/** The least width of a column's cells, where some kinds of columns give way. A word is not cut: in the last column it may reach out. */
function leastWidth(
  { titles, cells, yields = [] }: FittingCells,
  place: number,
  given: ReadonlyMap<GivesWay, number>,
): number {
  const texts = cells.map((row) => row[place]);
  const own = yields[place];
  const whole = Math.max(...texts.map(width), 0);
  const least = own === undefined ? undefined : given.get(own);
  const isLast = place === titles.length - 1;
  const words = own === 'words' && !isLast ? texts.flatMap((text) => text.split(' ')).map(width) : [];
  return least === undefined ? whole : Math.min(whole, Math.max(least, ...words));
}

/** Where columns stand below each other, the words of a title may, too. */
function titleLines(title: string, stack: Stack, columns: number): readonly string[] {
  return stack.length === 1 ? [title] : flow(title.split(' '), columns, '', ' ').split('\n');
}

function indentAt(depth: number): string {
  return depth === 0 ? '' : INDENT;
}

/** The table with its stacks as columns: each row has as many lines as its longest stack. */
function laidOut(table: FittingCells, stacks: readonly Stack[], widths: readonly number[]): Cells {
  const { titles, aligns, yields = [] } = table;
  const stacked = (
    stack: Stack,
    linesAt: (place: number, columns: number) => readonly string[],
    columns: number,
  ) =>
    stack
      .flatMap((place, depth) => {
        const indent = aligns[stack[0]] === 'left' ? indentAt(depth) : '';
        return linesAt(place, columns - indent.length).map((line) => indent + line);
      })
      .filter((line, place) => place === 0 || line.trim() !== '');
  const cells = table.cells.flatMap((row) => {
    const columns = stacks.map((stack, column) =>
      stacked(stack, (place, room) => linesOf(row[place], room, yields[place]), widths[column]),
    );
    const lines = Math.max(1, ...columns.map(({ length }) => length));
    return Array.from({ length: lines }, (_, line) => columns.map((texts) => texts[line] ?? ''));
  });
  return {
    titles: stacks.map((stack, column) =>
      stacked(stack, (place, room) => titleLines(titles[place], stack, room), widths[column]).join('\n'),
    ),
    aligns: stacks.map(([first]) => aligns[first]),
    cells,
  };
}

/** A cell's lines: one, or more where words are wrapped. */
function linesOf(cell: string, columns: number, yields: GivesWay | undefined): readonly string[] {
  if (width(cell) <= columns || yields === undefined) return [cell];
  if (yields === 'name') return [middleCut(cell, columns)];
  if (yields === 'words') return flow(cell.split(' '), columns, '', ' ').split('\n');
  return [`${clip(cell, columns - 1).trimEnd()}${MARK}`];
}

/** A row's first cell, below it what else is known, and running text in lines of its own. */
function paragraphs({ titles, cells, yields = [] }: FittingCells, room: number, paint: Paint): string {
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
