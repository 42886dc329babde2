import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defineKernel } from './builder.ts';
import { distinctElements } from './distinct.ts';
import { footprints, tileBytes } from './footprint.ts';
import type { IndexMap } from './ir.ts';
import { libraryKernel } from './library.ts';

const EXTENTS = fc.record({
  a: fc.integer({ min: 1, max: 6 }),
  b: fc.integer({ min: 1, max: 6 }),
  c: fc.integer({ min: 1, max: 6 }),
});
const STRIDE = fc.integer({ min: -14, max: 14 });
const MAP = fc.record({
  offset: fc.integer({ min: -8, max: 60 }),
  strides: fc.record({ a: STRIDE, b: STRIDE, c: STRIDE }),
});

/** Counts the addresses of the box by enumeration. */
function touched(maps: readonly IndexMap[], extents: Record<string, number>, elements: number): number {
  const found = new Set<number>();
  for (const { offset, strides } of maps) {
    for (let a = 0; a < extents.a; a++) {
      for (let b = 0; b < extents.b; b++) {
        for (let c = 0; c < extents.c; c++) {
          const flat = offset + a * strides.a + b * strides.b + c * strides.c;
          if (flat >= 0 && flat < elements) found.add(flat);
        }
      }
    }
  }
  return found.size;
}

describe('distinct elements', () => {
  test('equal a brute-force enumeration for any affine maps, overlapping, reversed and out of bounds', () => {
    fc.assert(
      fc.property(fc.array(MAP, { minLength: 1, maxLength: 3 }), EXTENTS, (maps, extents) => {
        const touches = maps.map((at) => ({ at }));
        const counted = distinctElements(touches, new Map(Object.entries(extents)), 100);
        expect(counted).toBe(touched(maps, extents, 100));
      }),
      { numRuns: 2000 },
    );
  });

  test('scale: a map too large to enumerate is counted by its structure', () => {
    const huge = new Map([
      ['r', 4096],
      ['k', 11],
      ['j', 4096],
    ]);
    const window = { at: { offset: 0, strides: { j: 1, k: 1 } } };
    const rows = { at: { offset: 0, strides: { r: 5000, j: 1, k: 1 } } };
    expect(distinctElements([window], huge, 1e9)).toBe(4096 + 10);
    expect(distinctElements([rows], huge, 1e9)).toBe(4096 * (4096 + 10));
    expect(distinctElements([rows, rows], huge, 1e9)).toBe(4096 * (4096 + 10));
  });

  test('large maps without such a structure are bounded from above', () => {
    const extents = new Map([
      ['a', 1000],
      ['b', 1000],
    ]);
    const at = { offset: 0, strides: { a: 7, b: 5 } };
    const exact = new Set<number>();
    for (let a = 0; a < 1000; a++) for (let b = 0; b < 1000; b++) exact.add(7 * a + 5 * b);
    const counted = distinctElements([{ at }], extents, 1e9);
    expect(counted).toBeGreaterThanOrEqual(exact.size);
    expect(counted).toBeLessThanOrEqual(7 * 999 + 5 * 999 + 1);
  });
});

describe('a tile', () => {
  test('of a matmul touches its rows, columns and results', () => {
    const kernel = libraryKernel('matmul', [64, 128, 256]);
    expect(tileBytes(kernel, { m: 8, n: 16, k: 32 })).toEqual({
      a: 8 * 32 * 4,
      b: 32 * 16 * 4,
      c: 8 * 16 * 4,
    });
    expect(tileBytes(kernel, { m: 8 })).toEqual({ a: 8 * 256 * 4, b: 256 * 128 * 4, c: 8 * 128 * 4 });
  });

  test('is never larger than the iteration space', () => {
    const kernel = libraryKernel('vector-add', [10]);
    expect(tileBytes(kernel, { i: 64 })).toEqual({ x: 40, y: 40, out: 40 });
  });

  test('of a stencil overlaps between its taps', () => {
    const kernel = defineKernel('blur', { shape: [30], dtype: 'f32' }, (k) => {
      const i = k.dimension('i', 30);
      const x = k.input('x', 'f32', [32]);
      k.store(
        k.output('out', 'f32', [30]),
        [i],
        x
          .at(i)
          .add(x.at(i.plus(1)))
          .add(x.at(i.plus(2))),
      );
    });
    expect(tileBytes(kernel, { i: 10 })).toEqual({ x: 12 * 4, out: 10 * 4 });
  });
});

test('the two halves of rope are one operand, read and written once', () => {
  const kernel = libraryKernel('rope', [8, 1024, 64]);
  const whole = 8 * 1024 * 64 * 4;
  expect(footprints(kernel)).toEqual([
    { operand: 'x', bytesRead: whole, bytesWritten: 0 },
    { operand: 'cos', bytesRead: 1024 * 32 * 4, bytesWritten: 0 },
    { operand: 'sin', bytesRead: 1024 * 32 * 4, bytesWritten: 0 },
    { operand: 'out', bytesRead: 0, bytesWritten: whole },
  ]);
});

test.each([
  ['vadd', 384],
  ['vmpy', 512],
  ['vrmpy', 384],
])('%s moves %i bytes per vector operation', (name, bytes) => {
  const total = footprints(libraryKernel(name, [2048])).reduce(
    (sum, part) => sum + part.bytesRead + part.bytesWritten,
    0,
  );
  expect(total).toBe(2048 * bytes);
});
