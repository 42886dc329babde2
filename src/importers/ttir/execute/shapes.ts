import { quotient, remainder } from '../symbols/divide.ts';
import {
  add,
  constantIndex,
  type Index,
  type Ranges,
  scale,
  subtract,
  variable,
} from '../symbols/index-expression.ts';
import type { Node } from '../symbols/node.ts';
import { rewrite } from '../symbols/rewrite.ts';
import type { Operation } from '../syntax/ast.ts';
import { type Context, dataOf, listAttribute, operandValue, refuse, wholeAttribute } from './context.ts';
import type { Handler } from './per-element.ts';
import { axis, type Data, type Pointer } from './value.ts';

/** Operations that only move elements: each says which old axes the new axes stand for. */

/** `value` seen through new axes; old axis n is `old[n]`. Axes of one element are 0. */
export function reindexed(
  context: Context,
  value: Data | Pointer,
  shape: readonly number[],
  old: readonly Index[],
): Data | Pointer {
  const ranges: Ranges = (name) => ({
    least: 0,
    greatest: name.startsWith('@') ? (shape[Number(name.slice(1))] ?? 1) - 1 : Number.POSITIVE_INFINITY,
  });
  const replace = (name: string): Index | undefined =>
    name.startsWith('@') ? (old[Number(name.slice(1))] ?? constantIndex(0)) : undefined;
  const rewritten = (node: Node): Node => rewrite(context.pool, [node], { variable: replace, ranges })[0];
  if (value.kind === 'pointer') return { ...value, shape, offset: rewritten(value.offset) };
  return { ...value, shape, node: rewritten(value.node) };
}

function movable(context: Context, op: Operation): Data | Pointer {
  const value = operandValue(context, op, 0);
  if (value.kind === 'tile') throw refuse(context, op, 'rearranges a tile pointer');
  return value;
}

function resultShape(context: Context, op: Operation): readonly number[] {
  const type = op.resultTypes[0];
  if (type?.kind !== 'tensor') throw refuse(context, op, 'does not say the shape of its result');
  return type.shape;
}

const makeRange: Handler = (op, context) => {
  const start = wholeAttribute(context, op, 'start');
  const end = wholeAttribute(context, op, 'end');
  if (end <= start || start < 0) throw refuse(context, op, `an empty range, ${start} to ${end}`);
  const lane = end - start === 1 ? constantIndex(0) : axis(0);
  const node = context.pool.index(add(lane, constantIndex(start)), 'i32');
  return [{ kind: 'data', shape: [end - start], node }];
};

const splat: Handler = (op, context) => {
  const value = movable(context, op);
  if (value.shape.some((size) => size !== 1)) throw refuse(context, op, 'takes a scalar');
  return [{ ...value, shape: resultShape(context, op) }];
};

const expandDims: Handler = (op, context) => {
  const value = movable(context, op);
  const position = wholeAttribute(context, op, 'axis');
  if (position < 0 || position > value.shape.length)
    throw refuse(context, op, `there is no axis ${position}`);
  const old = value.shape.map((_, n) => axis(n < position ? n : n + 1));
  return [reindexed(context, value, value.shape.toSpliced(position, 0, 1), old)];
};

const broadcast: Handler = (op, context) => {
  const value = movable(context, op);
  const shape = resultShape(context, op);
  const fits =
    shape.length === value.shape.length && value.shape.every((size, n) => size === 1 || size === shape[n]);
  if (!fits)
    throw refuse(context, op, `[${value.shape.join('x')}] does not broadcast to [${shape.join('x')}]`);
  return [{ ...value, shape }];
};

/** Row-major renumbering of all elements. */
const reshape: Handler = (op, context) => {
  const value = movable(context, op);
  const shape = resultShape(context, op);
  const count = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  if (count(shape) !== count(value.shape)) {
    throw refuse(context, op, `[${value.shape.join('x')}] has other elements than [${shape.join('x')}]`);
  }
  const ranges: Ranges = (name) => ({ least: 0, greatest: (shape[Number(name.slice(1))] ?? 1) - 1 });
  let flat = constantIndex(0);
  for (const [n, size] of shape.entries())
    flat = add(scale(flat, size), size === 1 ? constantIndex(0) : axis(n));
  const old: Index[] = [];
  let rest = flat;
  for (const size of value.shape.toReversed()) {
    old.unshift(size === 1 ? constantIndex(0) : remainder(rest, size, ranges));
    rest = quotient(rest, size, ranges);
  }
  return [reindexed(context, value, shape, old)];
};

const transpose: Handler = (op, context) => {
  const value = movable(context, op);
  const order = listAttribute(op, 'order') ?? value.shape.map((_, n) => n).reverse();
  const sorted = [...order].sort((a, b) => a - b);
  if (order.length !== value.shape.length || sorted.some((position, n) => position !== n)) {
    throw refuse(context, op, `[${order.join(', ')}] is no order of ${value.shape.length} axes`);
  }
  const old = value.shape.map((_, n) => axis(order.indexOf(n)));
  return [
    reindexed(
      context,
      value,
      order.map((position) => value.shape[position]),
      old,
    ),
  ];
};

/** Two tensors as the two elements of a new last axis. */
const join: Handler = (op, context) => {
  const left = dataOf(context, op, 0);
  const right = dataOf(context, op, 1);
  const first = context.pool.sign('eq', axis(left.shape.length));
  const node = context.pool.select(first, left.node, right.node);
  return [{ kind: 'data', shape: [...left.shape, 2], node }];
};

const split: Handler = (op, context) => {
  const value = movable(context, op);
  const shape = value.shape.slice(0, -1);
  if (value.shape.at(-1) !== 2) throw refuse(context, op, 'splits an axis that has not two elements');
  const kept = shape.map((_, n) => axis(n));
  return [0, 1].map((side) => reindexed(context, value, shape, [...kept, constantIndex(side)]));
};

/** One tensor after the other along the first axis. */
const concatenate: Handler = (op, context) => {
  const left = dataOf(context, op, 0);
  const right = dataOf(context, op, 1);
  const size = left.shape[0] ?? 1;
  const shape = [size + (right.shape[0] ?? 1), ...left.shape.slice(1)];
  const later = subtract(axis(0), constantIndex(size));
  const shifted = reindexed(context, right, shape, [later, ...shape.slice(1).map((_, n) => axis(n + 1))]);
  if (shifted.kind !== 'data') throw refuse(context, op, 'concatenates pointers');
  const node = context.pool.select(context.pool.sign('lt', later), left.node, shifted.node);
  return [{ kind: 'data', shape, node }];
};

/** A tensor's only element. */
const unsplat: Handler = (op, context) => {
  const value = movable(context, op);
  if (value.shape.some((size) => size !== 1)) throw refuse(context, op, 'takes a tensor of one element');
  return [
    reindexed(
      context,
      value,
      [],
      value.shape.map(() => constantIndex(0)),
    ),
  ];
};

const programId =
  (prefix: 'pid' | 'programs'): Handler =>
  (op, context) => {
    const attribute = op.attributes.get('axis');
    const numbered = attribute?.kind === 'number' ? Number(attribute.text) : -1;
    const position = numbered >= 0 ? numbered : ['x', 'y', 'z'].findIndex((name) => op.words.includes(name));
    if (position < 0 || position > 2) throw refuse(context, op, 'an axis other than x, y and z');
    const node = context.pool.index(variable(`${prefix}${position}`), 'i32');
    return [{ kind: 'data', shape: [], node }];
  };

export const SHAPES: Readonly<Record<string, Handler>> = {
  'tt.get_program_id': programId('pid'),
  'tt.get_num_programs': programId('programs'),
  'tt.make_range': makeRange,
  'tt.splat': splat,
  'tt.expand_dims': expandDims,
  'tt.broadcast': broadcast,
  'tt.reshape': reshape,
  'tt.view': reshape,
  'tt.trans': transpose,
  'tt.join': join,
  'tt.split': split,
  'tt.cat': concatenate,
  'tt.unsplat': unsplat,
};
