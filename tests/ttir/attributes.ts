import type { Attribute, Operation, Type } from '../../src/importers/ttir/syntax/ast.ts';
import { elementName, Fault, like, scalar, shapeOf, type Tensor } from './tensor.ts';

/** The attributes of an operation as data. */
export function whole(op: Operation, name: string): number {
  const attribute = op.attributes.get(name);
  return attribute?.kind === 'number' ? Number(attribute.text) : 0;
}

export function attributeList(op: Operation, name: string): number[] | undefined {
  const attribute = op.attributes.get(name);
  return attribute?.kind === 'list'
    ? attribute.items.map((item) => Number(item.kind === 'number' ? item.text : 0))
    : undefined;
}

export function constantTensor(op: Operation): Tensor {
  const literal = op.attributes.get('value')!;
  const item = literal.kind === 'dense' ? literal.items[0]! : literal;
  const type: Type = ('type' in literal ? literal.type : undefined) ?? { kind: 'int', name: 'i1', bits: 1 };
  const name = elementName(type);
  const base = scalar(literalValue(item, name), name);
  return like(base, shapeOf(type), () => base.data[0]!);
}

function literalValue(item: Attribute, type: string): number {
  if (item.kind === 'bool') return Number(item.value);
  if (item.kind !== 'number') throw new Fault('no number');
  if (!/^0x/i.test(item.text) || type.startsWith('i'))
    return type === 'f32' ? Math.fround(Number(item.text)) : Number(item.text);
  const bits = BigInt(item.text);
  const named: Record<string, readonly [bigint, bigint]> = {
    f16: [0x7c00n, 0xfc00n],
    bf16: [0x7f80n, 0xff80n],
    f32: [0x7f800000n, 0xff800000n],
  };
  const [positive, negative] = named[type]!;
  return bits === positive
    ? Number.POSITIVE_INFINITY
    : bits === negative
      ? Number.NEGATIVE_INFINITY
      : Number.NaN;
}
