import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter } from './parameter.ts';
import { tableSpace } from './table-space.ts';

const parameters: readonly Parameter[] = [
  { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [1, 2, 4, 8] },
  { name: 'mode', kind: 'categorical', tag: 'schedule', values: ['a', 'b', 'c'] },
  { name: 'flip', kind: 'flag', tag: 'schedule', values: [false, true] },
];
const everyRow = [1, 2, 4, 8].flatMap((tile) =>
  ['a', 'b', 'c'].flatMap((mode) => [false, true].map((flip) => [tile, mode, flip] as const)),
);
const someRows = fc.subarray(everyRow, { minLength: 1 });

describe('tableSpace', () => {
  it('has exactly its rows, and converts between index, digits and configuration', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const space = tableSpace(parameters, rows);
        expect(space.size).toBe(rows.length);
        for (let index = 0; index < space.size; index++) {
          expect(space.indexOf(space.at(index))).toBe(index);
          expect(space.indexOfDigits(space.digitsAt(index))).toBe(index);
        }
        const held = everyRow.filter(([tile, mode, flip]) => space.has({ tile, mode, flip }));
        expect(held).toEqual(everyRow.filter((row) => rows.includes(row)));
      }),
    );
  });

  it('has symmetric neighbours that differ in one parameter', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const space = tableSpace(parameters, rows);
        for (const reach of ['adjacent', 'hamming'] as const) {
          for (let index = 0; index < space.size; index++) {
            for (const other of space.neighbours(index, reach)) {
              const [from, to] = [space.digitsAt(index), space.digitsAt(other)];
              expect(from.filter((digit, place) => digit !== to[place])).toHaveLength(1);
              expect(space.neighbours(other, reach)).toContain(index);
            }
          }
        }
      }),
    );
  });

  it('skips missing values of an ordinal', () => {
    const space = tableSpace(parameters, [
      [1, 'a', false],
      [4, 'a', false],
      [8, 'a', false],
    ]);
    expect(space.neighbours(0, 'adjacent')).toEqual([1]);
    expect(space.neighbours(0, 'hamming')).toEqual([1, 2]);
  });

  it('restricts to listed values and forces a change', () => {
    const space = tableSpace(parameters, everyRow);
    expect(space.restrict({ values: { tile: [1, 2], mode: ['a'] } })?.size).toBe(4);
    expect(space.restrict({ values: {}, someNot: [{ tile: 1, mode: 'a' }] })?.size).toBe(22);
    expect(space.restrict({ values: { tile: [] } })).toBeNull();
  });

  it('has a hash that does not depend on the order of the rows', () => {
    expect(tableSpace(parameters, everyRow.toReversed()).hash).toBe(tableSpace(parameters, everyRow).hash);
    expect(tableSpace(parameters, everyRow.slice(1)).hash).not.toBe(tableSpace(parameters, everyRow).hash);
  });

  it('refuses invalid rows', () => {
    expect(() => tableSpace(parameters, [])).toThrow(/at least one/);
    expect(() => tableSpace(parameters, [[1, 'a']])).toThrow(/rows\[0\]: has 2 values for 3/);
    expect(() => tableSpace(parameters, [[3, 'a', true]])).toThrow(/rows\[0\].tile: 3 is not among/);
    expect(() => tableSpace(parameters, [everyRow[0], everyRow[0]])).toThrow(/twice/);
  });
});
