import { type BinaryOp, BYTES } from '../../../kernels/ir.ts';
import type { Node } from '../symbols/node.ts';
import { constantOf } from '../symbols/pool.ts';
import type { Operation } from '../syntax/ast.ts';
import { type Context, refuse } from './context.ts';
import { type IntegerOp, integerOperation } from './integers.ts';
import { elementwise, type Handler, tooLarge } from './per-element.ts';
import { type UnsignedOp, unsignedOperation } from './unsigned.ts';

/** Arithmetic of whole numbers; of i1, logic. */
export const integer = (op: IntegerOp | UnsignedOp): Handler =>
  elementwise(2, ([left, right], operation, context) => {
    const { pool } = context;
    if (left.dtype !== right.dtype) throw refuse(context, operation, 'operands of different types');
    if (left.dtype === 'bool') return oneBit(context, operation, op, left, right);
    requirePlaces(context, operation, op, right);
    if (!isUnsigned(op)) return integerOperation(pool, op, left, right);
    return unsignedOperation(pool, op, left, right) ?? tooLarge(context, operation);
  });

function isUnsigned(op: IntegerOp | UnsignedOp): op is UnsignedOp {
  return op.endsWith('ui');
}

/** Arithmetic on one bit; with a sign, true is −1 and so the least. */
const BOOLEAN: Readonly<Partial<Record<IntegerOp | UnsignedOp, BinaryOp>>> = {
  add: 'xor',
  sub: 'xor',
  mul: 'and',
  and: 'and',
  or: 'or',
  xor: 'xor',
  max: 'and',
  min: 'or',
  maxui: 'or',
  minui: 'and',
};

function oneBit(
  context: Context,
  operation: Operation,
  op: IntegerOp | UnsignedOp,
  left: Node,
  right: Node,
): Node {
  const logical = BOOLEAN[op];
  if (logical !== undefined) return context.pool.binary(logical, left, right);
  throw refuse(context, operation, 'divides or shifts i1', 'extend it first');
}

/** A shift by all bits or more has no result in Triton. */
function requirePlaces(
  context: Context,
  operation: Operation,
  op: IntegerOp | UnsignedOp,
  places: Node,
): void {
  if (op !== 'shl' && op !== 'shr' && op !== 'shrui') return;
  const [count, bits] = [constantOf(places) ?? 0, 8 * BYTES[places.dtype]];
  if (count >= 0 && count < bits) return;
  throw refuse(context, operation, `shifts ${places.dtype} by ${count}`, `allowed: 0 to ${bits - 1}`);
}
