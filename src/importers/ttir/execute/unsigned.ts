import { BYTES, type CompareOp, type DType } from '../../../kernels/ir.ts';
import type { Node } from '../symbols/node.ts';
import { constantOf, type Pool } from '../symbols/pool.ts';
import { integerOperation, isNeverNegative } from './integers.ts';

export type UnsignedOp = 'divui' | 'remui' | 'ceildivui' | 'maxui' | 'minui' | 'shrui';

/**
 * Unsigned operations, written with the signed ones of the IR: the same bits for every operand, but a division by
 * 0, which Triton leaves undefined. Undefined where the IR's numbers are too small for it: i64 data that may have
 * the sign bit.
 */
export function unsignedOperation(pool: Pool, op: UnsignedOp, left: Node, right: Node): Node | undefined {
  if (isNonNegative(left) && isNonNegative(right)) return integerOperation(pool, SIGNED[op], left, right);
  switch (op) {
    case 'maxui':
      return pool.select(unsignedCompare(pool, 'gt', left, right), left, right);
    case 'minui':
      return pool.select(unsignedCompare(pool, 'lt', left, right), left, right);
    case 'shrui':
      return shiftRight(pool, left, right);
    case 'divui':
      return divide(pool, left, right);
    case 'remui':
      return remainder(pool, left, right);
    default:
      return divideUp(pool, left, right);
  }
}

const SIGNED = {
  divui: 'div',
  remui: 'rem',
  ceildivui: 'ceildiv',
  maxui: 'max',
  minui: 'min',
  shrui: 'shr',
} as const;

/** Two numbers of one sign are in the same order without it; of two signs the negative one is greater. */
export function unsignedCompare(pool: Pool, op: CompareOp, left: Node, right: Node): Node {
  const plain = pool.compare(op, left, right);
  if (op === 'eq' || op === 'ne') return plain;
  const isLess = op === 'lt' || op === 'le';
  const [leftIsLarge, rightIsLarge] = [isNegative(pool, left), isNegative(pool, right)];
  if (isNonNegative(right)) {
    return isLess
      ? pool.binary('and', pool.unary('not', leftIsLarge), plain)
      : pool.binary('or', leftIsLarge, plain);
  }
  if (isNonNegative(left)) {
    return isLess
      ? pool.binary('or', rightIsLarge, plain)
      : pool.binary('and', pool.unary('not', rightIsLarge), plain);
  }
  return pool.binary('xor', plain, pool.binary('xor', leftIsLarge, rightIsLarge));
}

/** The number that the bits of `x` are without a sign, as a float. */
export function unsignedToFloat(pool: Pool, x: Node, dtype: DType): Node | undefined {
  if (isNonNegative(x)) return pool.cast(x, dtype);
  if (BITS[x.dtype] < 32) return pool.cast(zeroExtended(pool, x, 'i32'), dtype);
  if (x.dtype !== 'i32') return undefined;
  // Both halves are exact in f32, so that only their sum rounds, and once.
  const exact = dtype === 'f64' ? 'f64' : 'f32';
  const high = pool.cast(shiftRight(pool, x, pool.constant(16, 'i32')) ?? x, exact);
  const low = pool.cast(pool.binary('and', x, pool.constant(0xffff, 'i32')), exact);
  const scaled = pool.binary('mul', high, pool.constant(0x10000, exact));
  return pool.cast(pool.binary('add', scaled, low), dtype);
}

/** A float's whole part in the bits of an unsigned number; what does not fit is undefined in Triton. */
export function floatToUnsigned(pool: Pool, x: Node, dtype: DType): Node | undefined {
  if (dtype === 'i64') return undefined;
  if (dtype !== 'i32') return pool.cast(pool.cast(x, 'i32'), dtype);
  if (x.dtype === 'f16') return pool.cast(x, dtype);
  const half = pool.constant(2 ** 31, x.dtype);
  const upper = pool.cast(pool.binary('sub', x, half), dtype);
  const isUpper = pool.compare('ge', x, half);
  return pool.select(isUpper, pool.binary('xor', upper, least(pool, 'i32')), pool.cast(x, dtype));
}

/** The same number in more bits. */
export function zeroExtended(pool: Pool, x: Node, dtype: DType): Node {
  if (isNonNegative(x)) return pool.cast(x, dtype);
  if (x.dtype === 'i8') return pool.cast(pool.cast(x, 'u8'), dtype);
  return pool.binary('and', pool.cast(x, dtype), pool.constant(2 ** BITS[x.dtype] - 1, dtype));
}

/** Whether a number never has the sign bit. */
export function isNonNegative({ form, dtype }: Node): boolean {
  if (dtype === 'bool' || dtype === 'u8') return true;
  switch (form.kind) {
    case 'index':
      return isNeverNegative(form.index);
    case 'cast':
      return BYTES[form.operand.dtype] <= BYTES[dtype] && isWidened(form.operand, dtype);
    case 'select':
      return isNonNegative(form.then) && isNonNegative(form.otherwise);
    case 'binary': {
      const sides = [isNonNegative(form.left), isNonNegative(form.right)];
      if (form.op === 'and' || form.op === 'max') return sides.includes(true);
      if (form.op === 'shr' || form.op === 'rem') return sides[0];
      return ['or', 'xor', 'div', 'min'].includes(form.op) && sides[0] && sides[1];
    }
    default:
      return false;
  }
}

/** Whether a whole number stays non-negative as `dtype`: a byte in i8 would not. */
function isWidened(operand: Node, dtype: DType): boolean {
  const fits = operand.dtype !== 'u8' || BYTES[dtype] > 1;
  return operand.dtype in BITS && fits && isNonNegative(operand);
}

const BITS: Readonly<Record<string, number>> = { bool: 1, u8: 8, i8: 8, i16: 16, i32: 32, i64: 64 };

function isNegative(pool: Pool, x: Node): Node {
  return isNonNegative(x) ? pool.bool(false) : pool.compare('lt', x, pool.constant(0, x.dtype));
}

function least(pool: Pool, dtype: DType): Node {
  return pool.constant(-(2 ** (BITS[dtype] - 1)), dtype);
}

/** The shift that keeps the sign, without its n copies: the least number, shifted likewise, has one more of them. */
function shiftRight(pool: Pool, x: Node, places: Node): Node | undefined {
  if (isNonNegative(x)) return pool.binary('shr', x, places);
  if (x.dtype === 'i64') return undefined;
  const copies = pool.binary('shl', pool.binary('shr', least(pool, x.dtype), places), one(pool, x));
  return pool.binary('and', pool.binary('shr', x, places), pool.unary('not', copies));
}

/**
 * Below 32 bits in 32. Else half of x is divided with a sign, and the rest that is left may hold the divisor once
 * more (Warren, Hacker's Delight, 9-3); a divisor with the sign bit goes into x once at most.
 */
function divide(pool: Pool, x: Node, by: Node): Node | undefined {
  if (BITS[x.dtype] < 32) return inMoreBits(pool, 'div', x, by);
  if (x.dtype !== 'i32') return undefined;
  const power = powerOfTwo(by);
  if (power !== undefined) return shiftRight(pool, x, pool.constant(power, x.dtype));
  const half = shiftRight(pool, x, one(pool, x)) ?? x;
  const below = pool.binary('shl', pool.binary('div', half, by), one(pool, x));
  const rest = pool.binary('sub', x, pool.binary('mul', below, by));
  const more = pool.cast(unsignedCompare(pool, 'ge', rest, by), x.dtype);
  const small = pool.binary('add', below, more);
  const large = pool.cast(unsignedCompare(pool, 'ge', x, by), x.dtype);
  return pool.select(isNegative(pool, by), large, small);
}

function remainder(pool: Pool, x: Node, by: Node): Node | undefined {
  if (BITS[x.dtype] < 32) return inMoreBits(pool, 'rem', x, by);
  const power = powerOfTwo(by);
  if (power !== undefined) return pool.binary('and', x, pool.constant(2 ** power - 1, x.dtype));
  const quotient = divide(pool, x, by);
  return quotient === undefined ? undefined : pool.binary('sub', x, pool.binary('mul', quotient, by));
}

/** (x − 1) / by + 1, and 0 of 0. */
function divideUp(pool: Pool, x: Node, by: Node): Node | undefined {
  const below = divide(pool, pool.binary('sub', x, one(pool, x)), by);
  if (below === undefined) return undefined;
  const zero = pool.constant(0, x.dtype);
  return pool.select(pool.compare('eq', x, zero), zero, pool.binary('add', below, one(pool, x)));
}

function inMoreBits(pool: Pool, op: 'div' | 'rem', x: Node, by: Node): Node {
  const [left, right] = [zeroExtended(pool, x, 'i32'), zeroExtended(pool, by, 'i32')];
  return pool.cast(pool.binary(op, left, right), x.dtype);
}

function powerOfTwo(by: Node): number | undefined {
  const power = Math.log2(constantOf(by) ?? 0);
  return Number.isInteger(power) ? power : undefined;
}

function one(pool: Pool, { dtype }: Node): Node {
  return pool.constant(1, dtype);
}
