import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binaryFunction, castFunction, unaryFunction } from './arithmetic.ts';
import type { BinaryOp, DType } from './ir.ts';

const TYPED = {
  u8: new Uint8Array(1),
  i8: new Int8Array(1),
  i16: new Int16Array(1),
  i32: new Int32Array(1),
} as const;
type Narrow = keyof typeof TYPED;
const NARROW: readonly Narrow[] = ['u8', 'i8', 'i16', 'i32'];

function inType(dtype: Narrow, value: bigint): number {
  TYPED[dtype][0] = Number(BigInt.asIntN(32, value));
  return TYPED[dtype][0];
}

const EXACT: readonly (readonly [BinaryOp, (x: bigint, y: bigint) => bigint])[] = [
  ['add', (x, y) => x + y],
  ['sub', (x, y) => x - y],
  ['mul', (x, y) => x * y],
  ['and', (x, y) => x & y],
  ['or', (x, y) => x | y],
  ['xor', (x, y) => x ^ y],
];

test.each(NARROW)('%s arithmetic wraps as the hardware does', (dtype) => {
  const whole = fc.integer().map((value) => inType(dtype, BigInt(value)));
  for (const [op, exact] of EXACT) {
    const f = binaryFunction(op, dtype);
    fc.assert(fc.property(whole, whole, (x, y) => f(x, y) === inType(dtype, exact(BigInt(x), BigInt(y)))));
  }
});

test.each([
  ['i32', 'div', -7, 2, -3],
  ['i32', 'rem', -7, 2, -1],
  ['i64', 'div', 9007199254740991, 2, 4503599627370495],
  ['i64', 'and', 2 ** 40 + 5, 2 ** 40 + 3, 2 ** 40 + 1],
  ['i64', 'xor', -1, 2 ** 40, -1 - 2 ** 40],
  ['i32', 'shl', 1, 31, -2147483648],
  ['i32', 'shr', -5, 1, -3],
  ['u8', 'shl', 255, 1, 254],
  ['bool', 'or', 1, 1, 1],
  ['bool', 'xor', 1, 1, 0],
  ['f32', 'rem', -7.5, 2, -1.5],
  ['f32', 'pow', 2, 0.5, Math.SQRT2],
] as const)('%s %s(%d, %d) = %d', (dtype: DType, op: BinaryOp, x, y, expected) => {
  expect(binaryFunction(op, dtype)(x, y)).toBe(expected);
});

describe('casts', () => {
  test.each([
    ['f32', 'i32', -2.9, -2],
    ['f32', 'i8', 300, 127],
    ['f32', 'u8', -3, 0],
    ['f32', 'i32', Number.NaN, 0],
    ['f32', 'i32', -0.5, 0],
    ['i32', 'i8', 200, -56],
    ['i8', 'u8', -1, 255],
    ['i32', 'bool', 7, 1],
    ['f64', 'f16', 0.1, 0.1],
    ['bool', 'f32', 1, 1],
  ] as const)('%s to %s: %d gives %d', (from, to, x, expected) => {
    expect(castFunction(from, to)(x)).toBe(expected);
  });
});

test.each([
  ['round', 'f32', 2.5, 2],
  ['round', 'f32', 3.5, 4],
  ['round', 'f32', -2.5, -2],
  ['round', 'f32', -0.7, -1],
  ['not', 'bool', 1, 0],
  ['not', 'i8', 5, -6],
  ['not', 'u8', 5, 250],
  ['neg', 'i8', -128, -128],
  ['abs', 'i32', -7, 7],
  ['isnan', 'f32', Number.NaN, 1],
  ['rsqrt', 'f32', 4, 0.5],
  ['exp2', 'f32', 3, 8],
] as const)('%s of %s %d is %d', (op, dtype, x, expected) => {
  expect(unaryFunction(op, dtype)(x)).toBe(expected);
});
