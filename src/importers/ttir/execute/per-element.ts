import type { DType } from '../../../kernels/ir.ts';
import type { Node } from '../symbols/node.ts';
import type { Operation } from '../syntax/ast.ts';
import { typeName } from '../syntax/types.ts';
import { type Context, commonShape, dataOf, refuse } from './context.ts';
import { dtypeOf, type TtirValue } from './value.ts';

export type Handler = (op: Operation, context: Context) => readonly TtirValue[];

/** A handler for an operation that works element by element on `arity` operands of one shape. */
export function elementwise(
  arity: number,
  compute: (nodes: readonly Node[], op: Operation, context: Context) => Node,
): Handler {
  return (op, context) => {
    const operands = Array.from({ length: arity }, (_, position) => dataOf(context, op, position));
    const shape = commonShape(context, op, operands);
    const nodes = operands.map((operand) => operand.node);
    return [{ kind: 'data', shape, node: compute(nodes, op, context) }];
  };
}

/** The dtype that an operation says it gives. */
export function resultDtype(context: Context, op: Operation): DType {
  const type = op.resultTypes[0];
  const dtype = type === undefined ? undefined : dtypeOf(type);
  if (dtype !== undefined) return dtype;
  const name = type === undefined ? 'no type' : typeName(type);
  throw refuse(context, op, `gives ${name}`, 'supported: f16, bf16, f32, f64, i1, i8, i16, i32, i64');
}

/** For unsigned numbers of i64: the reference computes in float64, which is exact below 2^53. */
export function tooLarge(context: Context, op: Operation): never {
  throw refuse(
    context,
    op,
    'unsigned i64 data may exceed what the kernel IR computes exactly',
    'compute in i32, or use the signed operation where no number is 2^63 or more',
  );
}
