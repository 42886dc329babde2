import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFitted, type FittingCells } from './fit.ts';
import { plain } from './paint.ts';
import { width } from './width.ts';

const LONG = 'triton_poi_fused_addmm_clone_permute_select_transpose_view_2';
const TABLE: FittingCells = {
  titles: ['study', 'kernel', 'shape', 'dtype', 'µs', 'configuration', 'state'],
  aligns: ['left', 'left', 'left', 'left', 'right', 'left', 'left'],
  yields: [undefined, 'name', undefined, undefined, undefined, 'words', undefined],
  cells: [
    ['1a2b3c4d5e6f', LONG, '2x128x4x64', 'f32', '1,234', 'threads=4 tile=16384 staging=dma', 'budget spent'],
    ['6f5e4d3c2b1a', 'gelu', '1048576', 'f32', '0.97', 'threads=1 tile=256 staging=copy', 'paused'],
  ],
};
const wordsOf = (text: string) => text.split(/[\s·]+/);

describe('a table on a terminal', () => {
  it.each([20, 40, 60, 80, 120, 200, Number.POSITIVE_INFINITY])(
    'keeps ids, shapes, numbers, configurations and states in %d columns',
    (room) => {
      const drawn = drawFitted(TABLE, room, plain);
      const words = wordsOf(drawn);
      for (const row of TABLE.cells)
        for (const place of [0, 2, 4, 5, 6])
          for (const word of wordsOf(row[place])) expect(words).toContain(word);
      if (room > 60) for (const line of drawn.split('\n')) expect(width(line)).toBeLessThanOrEqual(room);
    },
  );

  it('says what is the same in all rows once, above them', () => {
    const [first, titles, ...rows] = drawFitted(TABLE, 200, plain).trimEnd().split('\n');
    expect(first).toBe('In all: dtype f32');
    expect(titles).not.toContain('dtype');
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).not.toContain('f32');
  });

  it('shortens a name in its middle, so that both ends tell', () => {
    const drawn = drawFitted(TABLE, 110, plain);
    const [, beginning, end] = /(triton_\w+)…(\w+)/.exec(drawn) ?? [];
    expect(LONG.startsWith(beginning) && LONG.endsWith(end)).toBe(true);
  });

  it('leaves nothing out, whatever its cells are, where nothing may be cut', () => {
    const cell = fc.stringMatching(/^[a-z0-9]{0,12}( [a-z]{1,8}){0,2}$/);
    const rows = fc.array(fc.tuple(fc.stringMatching(/^[a-z0-9]{4}$/), cell, cell), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 20, max: 90 }), (cells, room) => {
        const titles = ['id', 'one', 'two'];
        const table = {
          titles,
          aligns: titles.map(() => 'left' as const),
          cells,
          yields: titles.map(() => undefined),
        };
        const words = wordsOf(drawFitted(table, room, plain));
        for (const row of cells)
          for (const word of row.flatMap(wordsOf)) expect(word === '' || words.includes(word)).toBe(true);
      }),
    );
  });
});

describe('a table whose columns may stand elsewhere', () => {
  const table: FittingCells = {
    titles: ['study', 'state', 'kernel', 'shape', 'time', 'seed', 'strategy'],
    aligns: ['left', 'left', 'left', 'left', 'right', 'right', 'left'],
    yields: [undefined, 'words', 'name', undefined, undefined, undefined, undefined],
    stands: [undefined, 'below', undefined, 'below', undefined, 'spare', 'spare'],
    cells: [
      ['1a2b3c4d5e6f', 'budget spent', LONG, '2x128x4x64', '1,234', '1', 'random'],
      ['6f5e4d3c2b1a', 'paused', 'gelu', '1048576', '0.97', '2', 'default'],
    ],
  };
  const linesAt = (room: number, drawn = table) => drawFitted(drawn, room, plain).trimEnd().split('\n');

  it('leaves out spare columns before others move, the last first, and says so', () => {
    expect(linesAt(200)[0]).toMatch(/^study +state +kernel +shape +time +seed +strategy$/);
    expect(linesAt(75)[0]).toMatch(/^study +state +kernel +shape +time +seed$/);
    expect(linesAt(75).at(-1)).toBe('Too wide for here: strategy; --format md has them.');
    expect(linesAt(65)[0]).toMatch(/^study +state +kernel +shape +time$/);
  });

  it('puts columns below others where a row is too long even then, down to 45 columns', () => {
    for (const room of [45, 50, 60]) {
      const lines = linesAt(room);
      expect(lines.slice(0, 2)).toEqual([
        expect.stringMatching(/^study +kernel +time$/),
        expect.stringMatching(/^ {2}state +shape$/),
      ]);
      expect(lines[3]).toMatch(/^ {2}budget spent +2x128x4x64$/);
      for (const line of lines.slice(0, -2)) expect(width(line)).toBeLessThanOrEqual(room);
    }
    expect(linesAt(36)[0]).toBe('1a2b3c4d5e6f');
  });

  it('lets a column begin a stack where the one above it is the same in all rows', () => {
    const cells = table.cells.map((row) => row.with(2, 'gelu'));
    expect(linesAt(40, { ...table, cells })[1]).toMatch(/^study +shape +time$/);
  });
});
