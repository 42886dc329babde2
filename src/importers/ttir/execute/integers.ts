import type { BinaryOp } from '../../../kernels/ir.ts';
import { quotient, remainder } from '../symbols/divide.ts';
import {
  type Atom,
  add,
  atomIndex,
  constantIndex,
  type Index,
  isConstant,
  type OpaqueOp,
  rangeOf,
  scale,
  subtract,
  sum,
  unbounded,
  variablesOf,
} from '../symbols/index-expression.ts';
import type { Node } from '../symbols/node.ts';
import { constantOf, type Pool } from '../symbols/pool.ts';
import { opaque } from '../symbols/substitute.ts';

/** Integer arithmetic: on indices it stays an index, on data it is an operation of the IR. */
export function integerOperation(pool: Pool, op: IntegerOp, left: Node, right: Node): Node {
  const isKnown = isNumber(left) && isNumber(right);
  const wraps = op === 'mul' && left.dtype === 'i32' && (isHash(left) || isHash(right));
  if (!isKnown && !wraps && left.form.kind === 'index' && right.form.kind === 'index') {
    const index = indexOperation(op, left.form.index, right.form.index);
    if (index !== undefined) return pool.index(index, left.dtype);
  }
  if (op === 'ceildiv' || op === 'floordiv') return dataDivision(pool, op, left, right);
  return pool.binary(op, left, right);
}

/** Whether a constant is a number of the program, and no mark of a stride that is not known yet, which is larger. */
function isNumber(node: Node): boolean {
  const value = constantOf(node);
  return value !== undefined && (node.dtype !== 'i32' || Math.abs(value) <= 2 ** 31);
}

/** What a hash multiplies by. Such a product wraps, as indices do not. */
function isHash(factor: Node): boolean {
  const size = Math.abs(constantOf(factor) ?? 0);
  return size >= 2 ** 30 && size <= 2 ** 31;
}

export type IntegerOp = BinaryOp | 'ceildiv' | 'floordiv';

/**
 * The operation on indices, where it is one of theirs. Their quotients round down, so an index that may be
 * negative is divided as data.
 */
function indexOperation(op: IntegerOp, left: Index, right: Index): Index | undefined {
  const rounds = op === 'floordiv' || op === 'ceildiv';
  if ((rounds || op === 'div' || op === 'rem') && !isDivisible(left)) return undefined;
  if (rounds && !isNeverNegative(right)) return undefined;
  switch (op) {
    case 'add':
      return add(left, right);
    case 'sub':
      return subtract(left, right);
    case 'mul':
      return isGrid(left, right) || isGrid(right, left) ? scale(left, 0) : opaque('product', left, right);
    case 'div':
    case 'floordiv':
      return opaque('quotient', left, right);
    case 'rem':
      return opaque('remainder', left, right);
    case 'ceildiv':
      return opaque('quotient', add(left, subtract(right, ONE)), right);
    case 'min':
    case 'max':
      return opaque(op, left, right);
    default:
      return bitOperation(op, left, right);
  }
}

/**
 * Whether an index is taken to be 0 or more where it is divided: it is, but for what a swizzle computes of program
 * ids (`min(M − first, 8)`), whose range is not followed.
 */
function isDivisible(index: Index): boolean {
  const followed = [...index.terms].filter(([, term]) => !(term.factor > 0 && isSwizzle(term.atom)));
  return isNeverNegative(sum(index.constant, followed));
}

function isSwizzle(atom: Atom): boolean {
  const names = [...variablesOf(atomIndex(atom))];
  return atom.kind === 'opaque' && names.every((name) => /^(pid|programs)\d$/.test(name));
}

/** Whether an index is 0 or more at every point. */
export function isNeverNegative(index: Index): boolean {
  return rangeOf(index, unbounded).least >= 0;
}

const ONE: Index = constantIndex(1);

/**
 * Inductor's large grids: program_id(y) + program_id(z) · num_programs(y). A grid with one program
 * along z computes the same, so that product is 0.
 */
function isGrid(pid: Index, programs: Index): boolean {
  return pid.key === '1*pid2+0' && programs.key === '1*programs1+0';
}

function bitOperation(op: IntegerOp, left: Index, right: Index): Index | undefined {
  const power = isConstant(right) ? right.constant : -1;
  if (op === 'shl' && power >= 0 && power < 31) return scale(left, 2 ** power);
  if (op === 'shr' && power >= 0 && power < 31) return quotient(left, 2 ** power, unbounded);
  if (op === 'and' && isMask(power)) return remainder(left, power + 1, unbounded);
  const known: Readonly<Record<string, OpaqueOp>> = { and: 'and', or: 'or', xor: 'xor' };
  const bits = known[op];
  return bits === undefined ? undefined : opaque(bits, left, right);
}

function isMask(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value + 1));
}

/** Division of data that rounds up or down, from the IR's, which truncates. */
function dataDivision(pool: Pool, op: 'ceildiv' | 'floordiv', left: Node, right: Node): Node {
  const zero = pool.constant(0, left.dtype);
  const one = pool.constant(1, left.dtype);
  const truncated = pool.binary('div', left, right);
  const exact = pool.compare('eq', pool.binary('rem', left, right), zero);
  const negative = pool.binary('xor', pool.compare('lt', left, zero), pool.compare('lt', right, zero));
  const adjust = op === 'floordiv' ? negative : pool.unary('not', negative);
  const step = pool.binary(op === 'floordiv' ? 'sub' : 'add', truncated, one);
  return pool.select(pool.binary('and', pool.unary('not', exact), adjust), step, truncated);
}
