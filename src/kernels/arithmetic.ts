import { erf } from './erf.ts';
import type { BinaryOp, CompareOp, DType, UnaryOp } from './ir.ts';

/**
 * The operations of the IR on float64 numbers. Floats are not rounded to their dtype. Integers of up to
 * 32 bits wrap as in hardware; i64 is exact below 2^53.
 */
type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

export function unaryFunction(op: UnaryOp, dtype: DType): Unary {
  if (op === 'not') return dtype === 'bool' ? (x) => 1 - x : (x) => fit(dtype, -1 - x);
  if (isInteger(dtype) && (op === 'neg' || op === 'abs')) return (x) => fit(dtype, UNARY[op](x));
  return UNARY[op];
}

export function binaryFunction(op: BinaryOp, dtype: DType): Binary {
  if (!isInteger(dtype)) return FLOAT[op];
  if (dtype === 'i32' && op === 'mul') return Math.imul;
  const exact = INTEGER[op];
  return dtype === 'i64' || dtype === 'bool' ? exact : (x, y) => fit(dtype, exact(x, y));
}

export const COMPARE: Readonly<Record<CompareOp, (x: number, y: number) => boolean>> = {
  lt: (x, y) => x < y,
  le: (x, y) => x <= y,
  gt: (x, y) => x > y,
  ge: (x, y) => x >= y,
  eq: (x, y) => x === y,
  ne: (x, y) => x !== y,
};

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

const UNARY: Readonly<Record<UnaryOp, Unary>> = {
  neg: (x) => -x,
  abs: Math.abs,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  log: Math.log,
  log2: Math.log2,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  reciprocal: (x) => 1 / x,
  tanh: Math.tanh,
  erf,
  sin: Math.sin,
  cos: Math.cos,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfEven,
  not: (x) => 1 - x,
  isnan: (x) => (Number.isNaN(x) ? 1 : 0),
};

const FLOAT: Readonly<Record<BinaryOp, Binary>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  rem: (x, y) => x % y,
  pow: (x, y) => x ** y,
  max: Math.max,
  min: Math.min,
  and: bitwise(
    (x, y) => x & y,
    (x, y) => x & y,
  ),
  or: bitwise(
    (x, y) => x | y,
    (x, y) => x | y,
  ),
  xor: bitwise(
    (x, y) => x ^ y,
    (x, y) => x ^ y,
  ),
  shl: (x, y) => x * 2 ** y,
  shr: (x, y) => Math.floor(x / 2 ** y),
};

const INTEGER: Readonly<Record<BinaryOp, Binary>> = {
  ...FLOAT,
  div: (x, y) => (y === 0 ? 0 : (x - (x % y)) / y),
  rem: (x, y) => (y === 0 ? 0 : (x % y) + 0),
};

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

function roundHalfEven(x: number): number {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** A bit operation on 32 bits where both sides fit, on 64 otherwise. */
function bitwise(small: Binary, large: (x: bigint, y: bigint) => bigint): Binary {
  return (x, y) =>
    (x | 0) === x && (y | 0) === y
      ? small(x, y)
      : Number(BigInt.asIntN(64, large(BigInt(Math.trunc(x)), BigInt(Math.trunc(y)))));
}
