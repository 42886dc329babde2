import { BYTES, type DType } from '../../../kernels/ir.ts';
import type { Node } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';
import { dataOf, operandValue, pointerOf, refuse } from './context.ts';
import { integerOperation } from './integers.ts';
import { type Handler, resultDtype, tooLarge } from './per-element.ts';
import { floatToUnsigned, unsignedToFloat, zeroExtended } from './unsigned.ts';
import { dtypeOf } from './value.ts';

const cast: Handler = (op, context) => {
  const operand = operandValue(context, op, 0);
  if (operand.kind !== 'data') throw refuse(context, op, 'converts a pointer');
  const dtype = resultDtype(context, op);
  return [{ ...operand, node: context.pool.cast(operand.node, dtype) }];
};

/** Sign extension; of one bit that is 0 or −1. */
const extendSigned: Handler = (op, context) => {
  const operand = dataOf(context, op, 0);
  if (operand.node.dtype !== 'bool') return cast(op, context);
  const { pool } = context;
  const dtype = resultDtype(context, op);
  const node = pool.select(operand.node, pool.constant(-1, dtype), pool.constant(0, dtype));
  return [{ ...operand, node }];
};

/** A conversion of one operand to the dtype of the result. */
const converting =
  (convert: (pool: Pool, x: Node, dtype: DType) => Node | undefined): Handler =>
  (op, context) => {
    const operand = dataOf(context, op, 0);
    const node = convert(context.pool, operand.node, resultDtype(context, op));
    return [{ ...operand, node: node ?? tooLarge(context, op) }];
  };

/** Of what becomes one bit, the lowest bit: 2 is even. */
function truncated(pool: Pool, x: Node, dtype: DType): Node {
  if (dtype !== 'bool' || x.dtype === 'bool') return pool.cast(x, dtype);
  const lowest = integerOperation(pool, 'and', x, pool.constant(1, x.dtype));
  return pool.compare('ne', lowest, pool.constant(0, x.dtype));
}

/** Of what becomes one bit, the whole part first: 0.5 is 0. */
const wholePart = (pool: Pool, x: Node, dtype: DType): Node =>
  dtype === 'bool' ? truncated(pool, pool.cast(x, 'i32'), dtype) : pool.cast(x, dtype);

/** Between index, which is 64 bits, and others. */
const zeroExtendedOrTruncated = (pool: Pool, x: Node, dtype: DType): Node =>
  BYTES[dtype] > BYTES[x.dtype] ? zeroExtended(pool, x, dtype) : truncated(pool, x, dtype);

/** A float of another size, rounded to the nearest. */
const resized: Handler = (op, context) => {
  const name = op.name === 'tt.fp_to_fp' ? 'rounding' : 'roundingmode';
  const attribute = op.attributes.get(name);
  const mode = attribute !== undefined && 'text' in attribute ? attribute.text : op.words[0];
  if (mode === undefined || NEAREST[name].test(mode)) return cast(op, context);
  throw refuse(context, op, `rounds by '${mode}'`, 'supported: to the nearest, ties to even');
};

/** The rounding of the IR, in words and as the attribute's number. */
const NEAREST = { rounding: /^(rtne|1)$/, roundingmode: /^(to_nearest_even|0)$/ } as const;

/** A reinterpretation that changes nothing: equal types, or a byte seen as a truth value. */
const bitcast: Handler = (op, context) => {
  const operand = operandValue(context, op, 0);
  const type = op.resultTypes[0];
  if (operand.kind === 'pointer') {
    const element = type?.kind === 'tensor' ? type.element : type;
    const pointee = element?.kind === 'pointer' ? dtypeOf(element.pointee) : undefined;
    const { pointee: given } = pointerOf(context, op, 0);
    if (pointee !== undefined && BYTES[pointee] === BYTES[given] && (given === 'bool' || given === pointee)) {
      return [{ ...operand, pointee }];
    }
    throw refuse(context, op, `sees a pointer to ${given} as ${pointee ?? 'another type'}`);
  }
  const dtype = resultDtype(context, op);
  if (operand.kind === 'data' && operand.node.dtype === dtype) return [operand];
  throw refuse(context, op, 'reinterprets bits', 'the kernel IR works on numbers');
};

export const CONVERSIONS: Readonly<Record<string, Handler>> = {
  'arith.extsi': extendSigned,
  'arith.extui': converting(zeroExtended),
  'arith.trunci': converting(truncated),
  'arith.index_cast': converting(truncated),
  'arith.index_castui': converting(zeroExtendedOrTruncated),
  'arith.extf': cast,
  'arith.truncf': resized,
  'arith.sitofp': extendSigned,
  'arith.uitofp': converting(unsignedToFloat),
  'arith.fptosi': converting(wholePart),
  'arith.fptoui': converting(floatToUnsigned),
  'tt.fp_to_fp': resized,
  'arith.bitcast': bitcast,
  'tt.bitcast': bitcast,
};
