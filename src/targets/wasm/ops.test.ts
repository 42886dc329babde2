import { describe, expect, it } from 'vitest';
import { binary, compareValues, defineKernel, type Expr, unary } from '../../kernels/builder.ts';
import type { BinaryOp, DType, Kernel } from '../../kernels/ir.ts';
import { BINARY_OPS } from '../../kernels/ops/binary.ts';
import { COMPARE_OPS } from '../../kernels/ops/compare.ts';
import { meaningOn } from '../../kernels/ops/meaning.ts';
import { tableNames } from '../../kernels/ops/table-names.ts';
import { UNARY_OPS } from '../../kernels/ops/unary.ts';
import { Harness } from './harness.fixture.ts';

const COUNT = 203;

function kernelOf(name: string, dtype: DType, value: (x: Expr, y: Expr) => Expr): Kernel {
  return defineKernel(name, { shape: [COUNT], dtype }, (k) => {
    const i = k.dimension('i', COUNT);
    const [x, y] = ['x', 'y'].map((operand) => k.input(operand, dtype, [COUNT]).at(i));
    const result = value(x, y);
    k.store(k.output('out', result.dtype, [COUNT]), [i], result);
  });
}

/** A right side that the op can take: few places for shifts; no remainder of almost nothing. */
function rightSide(op: BinaryOp, dtype: DType, y: Expr): Expr {
  if (op === 'shl' || op === 'shr') return y.and(7);
  return op === 'rem' && dtype === 'f32' ? unary('abs', y).add(1) : y;
}

describe.each<DType>(['f32', 'i32', 'i16', 'i8', 'u8', 'bool'])('code for %s', (dtype) => {
  const kernels = [
    ...tableNames(UNARY_OPS)
      .filter((op) => meaningOn(UNARY_OPS[op], dtype))
      .map((op) => kernelOf(op, dtype, (x) => unary(op, x))),
    ...tableNames(BINARY_OPS)
      .filter((op) => meaningOn(BINARY_OPS[op], dtype))
      .map((op) => kernelOf(op, dtype, (x, y) => binary(op, x, rightSide(op, dtype, y)))),
    ...tableNames(COMPARE_OPS)
      .filter((op) => meaningOn(COMPARE_OPS[op], dtype))
      .map((op) => kernelOf(op, dtype, (x, y) => compareValues(op, x, y))),
  ];

  it.each(kernels)('$name gives the reference', async (kernel) => {
    const harness = new Harness(kernel);
    for (const lanes of [1, 4]) expect(await harness.verify({ lanes })).toBeUndefined();
  });
});
