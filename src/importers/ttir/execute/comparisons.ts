import type { CompareOp } from '../../../kernels/ir.ts';
import type { Node } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';
import type { Operation } from '../syntax/ast.ts';
import { type Context, refuse } from './context.ts';
import { elementwise } from './per-element.ts';
import { unsignedCompare } from './unsigned.ts';

const COMPARISONS: readonly CompareOp[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];
/** arith.cmpi's predicates by number. */
const INTEGER_PREDICATES = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge', 'ult', 'ule', 'ugt', 'uge'];
/** arith.cmpf's predicates by number. */
const FLOAT_PREDICATES = [
  ...['false', 'oeq', 'ogt', 'oge', 'olt', 'ole', 'one', 'ord'],
  ...['ueq', 'ugt', 'uge', 'ult', 'ule', 'une', 'uno', 'true'],
];

function predicateOf(context: Context, op: Operation, names: readonly string[]): string {
  const attribute = op.attributes.get('predicate');
  const numbered = attribute?.kind === 'number' ? names[Number(attribute.text)] : undefined;
  const name = numbered ?? op.words.find((word) => names.includes(word));
  if (name === undefined) throw refuse(context, op, `no predicate among ${names.join(', ')}`);
  return name;
}

/** The comparison in a predicate such as `slt` or `oge`. */
function comparisonIn(context: Context, op: Operation, predicate: string): CompareOp {
  const comparison = COMPARISONS.find((one) => predicate.endsWith(one));
  if (comparison === undefined) throw refuse(context, op, `compares by '${predicate}'`);
  return comparison;
}

export const compareIntegers = elementwise(2, ([left, right], op, context) => {
  const name = predicateOf(context, op, INTEGER_PREDICATES);
  const comparison = comparisonIn(context, op, name);
  const { pool } = context;
  const isSigned = name.startsWith('s');
  if (left.dtype === 'bool')
    return isSigned ? compareBits(pool, comparison, right, left) : compareBits(pool, comparison, left, right);
  return isSigned ? pool.compare(comparison, left, right) : unsignedCompare(pool, comparison, left, right);
});

/** Of one bit without a sign; with one, true is −1, so the sides change places. */
function compareBits(pool: Pool, op: CompareOp, left: Node, right: Node): Node {
  const not = (x: Node): Node => pool.unary('not', x);
  const different = pool.binary('xor', left, right);
  if (op === 'eq') return not(different);
  if (op === 'ne') return different;
  const [less, more] = op === 'lt' || op === 'le' ? [left, right] : [right, left];
  return op === 'lt' || op === 'gt'
    ? pool.binary('and', not(less), more)
    : pool.binary('or', not(less), more);
}

/** Unordered predicates hold for NaN: `ult` is not `ge`. */
export const compareFloats = elementwise(2, ([left, right], op, context) => {
  const { pool } = context;
  const name = predicateOf(context, op, FLOAT_PREDICATES);
  const compare = (comparison: CompareOp): Node => pool.compare(comparison, left, right);
  const isNan = pool.binary('or', pool.unary('isnan', left), pool.unary('isnan', right));
  if (name === 'true' || name === 'false') return pool.bool(name === 'true');
  if (name === 'uno') return isNan;
  if (name === 'ord') return pool.unary('not', isNan);
  if (name === 'une') return compare('ne');
  if (name === 'one') return pool.binary('or', compare('lt'), compare('gt'));
  if (name === 'ueq') return pool.unary('not', pool.binary('or', compare('lt'), compare('gt')));
  const comparison = comparisonIn(context, op, name);
  return name.startsWith('o') ? compare(comparison) : pool.unary('not', compare(OPPOSITE[comparison]));
});

const OPPOSITE: Readonly<Record<CompareOp, CompareOp>> = {
  lt: 'ge',
  ge: 'lt',
  gt: 'le',
  le: 'gt',
  eq: 'ne',
  ne: 'eq',
};
