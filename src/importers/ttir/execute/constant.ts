import { isWhole } from '../symbols/pool.ts';
import { literalNumber } from './constants.ts';
import { refuse } from './context.ts';
import type { Handler } from './per-element.ts';
import { dtypeOf, shapeOf } from './value.ts';

export const constantOp: Handler = (op, context) => {
  const literal = op.attributes.get('value');
  const given = literal !== undefined && 'type' in literal ? literal.type : undefined;
  const type = given ?? op.resultTypes[0] ?? (literal?.kind === 'bool' ? BOOL : op.types[0]);
  const dtype = type === undefined ? undefined : dtypeOf(type);
  if (literal === undefined || type === undefined || dtype === undefined) {
    throw refuse(
      context,
      op,
      'a constant of a type that is not supported',
      'numbers of i1 to i64, f16 to f64',
    );
  }
  const items = literal.kind === 'dense' ? literal.items : [literal];
  const values = items.map((item) => literalNumber(item, type));
  const value = values[0] ?? Number.NaN;
  const spelled = items.every((item) => item.kind === 'number' || item.kind === 'bool');
  if (!spelled || values.some((one) => !Object.is(one, value))) {
    throw refuse(context, op, 'a tensor of different constants', 'one value for all elements');
  }
  if ((isWhole(dtype) || dtype === 'bool') && !Number.isInteger(value))
    throw refuse(context, op, 'no whole number');
  const node = context.pool.constant(dtype === 'bool' ? Number(value !== 0) : value, dtype);
  return [{ kind: 'data', shape: shapeOf(type), node }];
};
const BOOL = { kind: 'int', name: 'i1', bits: 1 } as const;
