import { describe, expect, it } from 'vitest';
import { binary, compareValues, defineKernel, type Expr, unary } from '../../src/kernels/builder.ts';
import type { BinaryOp, DType, Kernel } from '../../src/kernels/ir.ts';
import { libraryKernel, libraryKernels } from '../../src/kernels/library.ts';
import { BINARY_OPS } from '../../src/kernels/ops/binary.ts';
import { COMPARE_OPS } from '../../src/kernels/ops/compare.ts';
import { meaningOn } from '../../src/kernels/ops/meaning.ts';
import { tableNames } from '../../src/kernels/ops/table-names.ts';
import { UNARY_OPS } from '../../src/kernels/ops/unary.ts';
import {
  compiledFolder,
  hasCompiler,
  hostHere,
  onNative,
} from '../../src/targets/native/machine-here.fixture.ts';
import { Harness } from '../../src/targets/wasm/harness.fixture.ts';

/** Odd in every dimension, so that each block has tails; rope needs an even last extent. */
const SHAPES: Readonly<Record<number, readonly number[]>> = {
  1: [1003],
  2: [5, 67],
  3: [13, 21, 18],
  4: [2, 5, 19, 12],
};

const folder = compiledFolder();
/** Kernels that are tried in all their dtypes; of the others, the first: each takes a compiler's time. */
const IN_ALL_DTYPES: readonly string[] = ['vector-add', 'gelu', 'row-sum', 'row-max', 'matmul'];
const cases = libraryKernels.flatMap(({ name, build, defaultShape, dtypes }) =>
  (IN_ALL_DTYPES.includes(name) ? dtypes : dtypes.slice(0, 1)).map((dtype) => ({
    name,
    dtype,
    kernel: build(SHAPES[defaultShape.length], dtype),
  })),
);
const isElementwise = ({ kernel }: (typeof cases)[number]) =>
  kernel.stages.every(({ kind }) => kind === 'map' || kind === 'store');

/** Every op that has a meaning on a dtype, each with a result of its own: one kernel to compile. */
function kernelOfOps(dtype: DType): Kernel {
  const [count, ops] = [203, opsOn(dtype)];
  return defineKernel(`ops-${dtype}`, { shape: [count], dtype }, (k) => {
    const i = k.dimension('i', count);
    const [x, y] = ['x', 'y'].map((operand) => k.input(operand, dtype, [count]).at(i));
    for (const [name, value] of ops) {
      const result = value(x, y);
      k.store(k.output(`out-${name}`, result.dtype, [count]), [i], result);
    }
  });
}

function opsOn(dtype: DType): readonly (readonly [string, (x: Expr, y: Expr) => Expr])[] {
  const unaries = tableNames(UNARY_OPS).filter((op) => meaningOn(UNARY_OPS[op], dtype));
  const binaries = tableNames(BINARY_OPS).filter((op) => meaningOn(BINARY_OPS[op], dtype));
  const comparisons = tableNames(COMPARE_OPS).filter((op) => meaningOn(COMPARE_OPS[op], dtype));
  return [
    ...unaries.map((op) => [op, (x: Expr) => unary(op, x)] as const),
    ...binaries.map((op) => [op, (x: Expr, y: Expr) => binary(op, x, rightSide(op, dtype, y))] as const),
    ...comparisons.map((op) => [op, (x: Expr, y: Expr) => compareValues(op, x, y)] as const),
  ];
}

/** A right side that the op can take: few places for shifts; no remainder of almost nothing. */
function rightSide(op: BinaryOp, dtype: DType, y: Expr): Expr {
  if (op === 'shl' || op === 'shr') return y.and(7);
  return op === 'rem' && dtype === 'f32' ? unary('abs', y).add(1) : y;
}

describe.skipIf(!hasCompiler)('native code', () => {
  it.each<DType>(['f32', 'f16', 'bf16', 'i32', 'i16', 'i8', 'u8', 'bool'])(
    'of every op on %s has the bits of WebAssembly',
    async (dtype) => {
      const kernel = kernelOfOps(dtype);
      const outputs = kernel.operands.filter(({ role }) => role !== 'input');
      const harness = new Harness(kernel);
      const { lanes } = await hostHere(1);
      const configurations = [{ lanes: 1 }, { lanes: Math.max(...lanes) }];
      const results = await onNative(kernel, folder, configurations, async (backend, variant) => {
        const all = [];
        for (const { name } of outputs) all.push([name, await backend.result(variant, name)] as const);
        return all;
      });
      for (const [name, got] of results.flat())
        expect(got, name).toEqual(await harness.bytes({ lanes: 4 }, name));
    },
  );

  it.each(cases.filter(isElementwise))('of $name $dtype has the bits of WebAssembly', async ({ kernel }) => {
    const [output] = kernel.operands.filter(({ role }) => role !== 'input');
    const want = await new Harness(kernel).bytes({ lanes: 4 }, output.name);
    const { lanes } = await hostHere(1);
    const configuration = { lanes: Math.max(...lanes), unroll: 2 };
    const [got] = await onNative(kernel, folder, [configuration], (backend, variant) =>
      backend.result(variant, output.name),
    );
    expect(got).toEqual(want);
  });

  it.each(cases.filter((one) => !isElementwise(one)))(
    'of $name $dtype agrees with the float64 reference',
    async ({ kernel }) => {
      const { lanes, fma } = await hostHere(1);
      const widest = { lanes: Math.max(...lanes), unroll: 2, tileRows: 3, panels: 2, fma };
      const [verdict] = await onNative(kernel, folder, [widest], (backend, variant) =>
        backend.verify(variant),
      );
      expect(verdict).toEqual({ state: 'correct' });
    },
  );

  it.each(['softmax', 'rms-norm', 'layer-norm', 'row-sum'])(
    'of %s has the bits of WebAssembly with as many accumulators',
    async (name) => {
      const kernel = libraryKernel(name, [5, 67]);
      const harness = new Harness(kernel);
      const [scalar, wide] = await onNative(
        kernel,
        folder,
        [
          { lanes: 1, unroll: 4 },
          { lanes: 4, unroll: 2 },
        ],
        (backend, variant) => backend.result(variant, 'out'),
      );
      expect(scalar).toEqual(await harness.bytes({ lanes: 1, scalarUnroll: 4 }, 'out'));
      expect(wide).toEqual(await harness.bytes({ lanes: 8 }, 'out'));
    },
  );
});
