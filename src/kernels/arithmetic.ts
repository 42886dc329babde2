import type { BinaryOp, DType, UnaryOp } from './ir.ts';
import { BINARY_OPS } from './ops/binary.ts';
import { UNARY_OPS } from './ops/unary.ts';

/**
 * The operations of the IR on float64 numbers. Floats are not rounded to their dtype. Integers of up to
 * 32 bits wrap as in hardware; i64 is exact below 2^53.
 */
type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

export function unaryFunction(op: UnaryOp, dtype: DType): Unary {
  const { float, integer, truth } = UNARY_OPS[op];
  if (dtype === 'bool' && truth !== undefined) return truth.value;
  if (!isInteger(dtype) || integer === undefined) return referenceIn(op, float ?? truth ?? integer);
  return (x) => fit(dtype, integer.value(x));
}

export function binaryFunction(op: BinaryOp, dtype: DType): Binary {
  const { float, integer } = BINARY_OPS[op];
  if (!isInteger(dtype)) return referenceIn(op, float ?? integer);
  if (dtype === 'i32' && op === 'mul') return Math.imul;
  const exact = placesWithin(op, dtype, referenceIn(op, integer ?? float));
  return dtype === 'i64' || dtype === 'bool' ? exact : (x, y) => fit(dtype, exact(x, y));
}

/** A shift takes its places modulo 32, as processors do, of i64 modulo 64. */
function placesWithin(op: BinaryOp, dtype: DType, exact: Binary): Binary {
  if (op !== 'shl' && op !== 'shr') return exact;
  const mask = dtype === 'i64' ? 63 : 31;
  return (x, places) => exact(x, places & mask);
}

function referenceIn<Value>(op: string, meaning: Readonly<{ value: Value }> | undefined): Value {
  if (meaning === undefined) throw new RangeError(`'${op}' has no meaning`);
  return meaning.value;
}

/** Float to integer truncates and saturates (NaN is 0); integer to integer wraps; float to float keeps the value. */
export function castFunction(from: DType, to: DType): Unary {
  if (to === 'bool') return (x) => (x === 0 ? 0 : 1);
  if (!isInteger(to)) return (x) => x;
  if (isInteger(from)) return (x) => fit(to, x);
  const [least, greatest] = RANGE[to];
  return (x) => (Number.isNaN(x) ? 0 : Math.min(greatest, Math.max(least, Math.trunc(x))) + 0);
}

export function isFloat(dtype: DType): boolean {
  return !isInteger(dtype);
}

export function isInteger(dtype: DType): dtype is keyof typeof RANGE {
  return dtype in RANGE;
}

/** Least and greatest value of each integer dtype; for i64 the largest that float64 represents exactly. */
export const RANGE = {
  bool: [0, 1],
  u8: [0, 255],
  i8: [-128, 127],
  i16: [-32768, 32767],
  i32: [-2147483648, 2147483647],
  i64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
} as const;

/** x modulo 2^bits of the dtype, in its range. */
function fit(dtype: DType, x: number): number {
  switch (dtype) {
    case 'bool':
      return x === 0 ? 0 : 1;
    case 'u8':
      return x & 0xff;
    case 'i8':
      return (x << 24) >> 24;
    case 'i16':
      return (x << 16) >> 16;
    case 'i32':
      return x | 0;
    default:
      return x;
  }
}
