import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binary, defineKernel, type Expr, select, unary } from '../../kernels/builder.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { Harness } from './harness.fixture.ts';

/** A random expression over x, y and the index of each point, as data. */
type Tree =
  | Readonly<{ leaf: 'x' | 'y' | 'index' | number }>
  | Readonly<{ unary: 'neg' | 'abs' | 'exp' | 'tanh' | 'erf' | 'sqrt' | 'floor' | 'sin'; of: Tree }>
  | Readonly<{ binary: 'add' | 'sub' | 'mul' | 'max' | 'min' | 'div'; left: Tree; right: Tree }>
  | Readonly<{ less: readonly [Tree, Tree]; yes: Tree; no: Tree }>;

const { tree } = fc.letrec<{ tree: Tree }>((again) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ leaf: fc.oneof(fc.constantFrom('x', 'y', 'index'), fc.integer({ min: -3, max: 3 })) }),
    fc.record({
      unary: fc.constantFrom('neg', 'abs', 'exp', 'tanh', 'erf', 'sqrt', 'floor', 'sin'),
      of: again('tree'),
    }),
    fc.record({
      binary: fc.constantFrom('add', 'sub', 'mul', 'max', 'min', 'div'),
      left: again('tree'),
      right: again('tree'),
    }),
    fc.record({
      less: fc.tuple(again('tree'), again('tree')),
      yes: again('tree'),
      no: again('tree'),
    }),
  ),
}));

function kernelOf(given: Tree, rows: number, columns: number): Kernel {
  return defineKernel('random', { shape: [rows, columns], dtype: 'f32' }, (k) => {
    const [i, j] = [k.dimension('i', rows), k.dimension('j', columns)];
    const x = k.input('x', 'f32', [rows, columns]).at(i, j);
    // The operand is one row for all rows, so that the dimensions cannot be merged.
    const y = k.input('y', 'f32', [columns]).at(j);
    const value = (part: Tree): Expr => {
      if ('leaf' in part) {
        if (part.leaf === 'x') return x;
        if (part.leaf === 'y') return y;
        if (part.leaf === 'index') return k.index(j).to('f32').mul(0.01);
        return k.constant(part.leaf, 'f32');
      }
      // Kept small, so that a rounding error is not magnified in the result.
      if ('unary' in part) return unary(part.unary, value(part.of).max(-2).min(2));
      if ('binary' in part) {
        const right = value(part.right);
        return binary(
          part.binary,
          value(part.left),
          part.binary === 'div' ? unary('abs', right).add(1) : right,
        );
      }
      return select(value(part.less[0]).lt(value(part.less[1])), value(part.yes), value(part.no));
    };
    k.store(k.output('out', 'f32', [rows, columns]), [i, j], value(given));
  });
}

const SCHEDULES = [
  { lanes: 1, scalarUnroll: 1 },
  { lanes: 1, scalarUnroll: 4 },
  { lanes: 4 },
  { lanes: 12 },
  { lanes: 32 },
];

describe('random element-wise kernels', () => {
  it('give the same bits under every schedule without fused multiply-adds', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 70 }),
        async (given, r, c) => {
          const harness = new Harness(kernelOf(given, r, c));
          const first = await harness.bytes(SCHEDULES[0], 'out');
          for (const schedule of SCHEDULES.slice(1))
            expect(await harness.bytes(schedule, 'out')).toEqual(first);
        },
      ),
      { numRuns: 30 },
    );
  });

  const smooth = fc.letrec<{ tree: Tree }>((again) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.record({ leaf: fc.constantFrom('x', 'y', 'index') }),
      fc.record({ unary: fc.constantFrom('neg', 'abs', 'tanh', 'erf'), of: again('tree') }),
      fc.record({
        binary: fc.constantFrom('add', 'sub', 'max', 'min'),
        left: again('tree'),
        right: again('tree'),
      }),
    ),
  })).tree;

  it('agree with the reference if no operation magnifies rounding errors', async () => {
    await fc.assert(
      fc.asyncProperty(smooth, fc.integer({ min: 1, max: 70 }), async (given, columns) => {
        const harness = new Harness(kernelOf(given, 2, columns), (setup) => ({
          ...setup,
          expected: setup.expected.map((one) => ({
            ...one,
            tolerance: one.tolerance.map((limit) => 8 * limit),
          })),
        }));
        expect(await harness.verify({ lanes: 8 })).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});
