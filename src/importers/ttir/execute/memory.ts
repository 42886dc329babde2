import type { DType } from '../../../kernels/ir.ts';
import { add, type Index, sumsIn, variablesOf } from '../symbols/index-expression.ts';
import type { Node } from '../symbols/node.ts';
import { dependsOn } from '../symbols/probe.ts';
import type { Operation } from '../syntax/ast.ts';
import { bindAxes } from './axes.ts';
import { type Context, dataOf, listAttribute, operandValue, pointerOf, refuse } from './context.ts';
import type { Handler } from './elementwise.ts';
import { integerOperation } from './integers.ts';
import { axis, type Pointer, type Tile } from './value.ts';

const addPointer: Handler = (op, context) => {
  const pointer = pointerOf(context, op, 0);
  const offset = dataOf(context, op, 1);
  const moved = context.pool.cast(offset.node, 'i64');
  const total = integerOperation(context.pool, 'add', context.pool.cast(pointer.offset, 'i64'), moved);
  const shape = pointer.shape.length >= offset.shape.length ? pointer.shape : offset.shape;
  return [{ ...pointer, shape, offset: total }];
};

/** The index of an address, which must be known without reading memory. */
function addressOf(context: Context, op: Operation, pointer: Pointer): Index {
  const { form } = pointer.offset;
  if (form.kind === 'index' && !multipliesLanes(form.index)) return form.index;
  if (dependsOn([pointer.offset], (node) => node.form.kind === 'load')) {
    throw refuse(
      context,
      op,
      `the address in %${pointer.operand} depends on loaded data (a gather or scatter)`,
      AFFINE,
    );
  }
  if (dependsOn([pointer.offset], (node) => node.form.kind === 'state')) {
    throw refuse(context, op, `the address in %${pointer.operand} depends on what a loop carries`, AFFINE);
  }
  throw refuse(context, op, `the address in %${pointer.operand} is not affine in the indices`, AFFINE);
}

/** Whether an index multiplies the lanes of a tensor with something that varies, as `x * x` does. */
function multipliesLanes(index: Index): boolean {
  return [...sumsIn(index)].some(({ terms }) =>
    [...terms.values()].some(({ atom }) => {
      if (atom.kind !== 'opaque' || atom.op !== 'product') return false;
      return [...variablesOf(atom.right, variablesOf(atom.left))].some((name) => name.startsWith('@'));
    }),
  );
}

const AFFINE = 'addresses must be affine in program ids, ranges and loop counters';

/** What an access goes through, and the mask of a tile pointer. */
function accessOf(context: Context, op: Operation): Access {
  const given = operandValue(context, op, 0);
  if (given.kind === 'data') throw refuse(context, op, 'goes through a value that is no pointer');
  return given.kind === 'tile' ? tilePointer(context, op, given) : { pointer: given };
}

type Access = Readonly<{ pointer: Pointer; mask?: Node }>;

const load: Handler = (op, context) => {
  const { pointer, mask: inside } = accessOf(context, op);
  const mask = guardedBy(context, op.operands.length > 1 ? dataOf(context, op, 1).node : inside);
  const other = op.operands.length > 2 ? dataOf(context, op, 2).node : undefined;
  const index = addressOf(context, op, pointer);
  note(context, op, pointer.operand, pointer.pointee);
  if (!context.loads.has(pointer.operand)) context.loads.set(pointer.operand, op);
  const version = context.stores.get(pointer.operand) ?? 0;
  const guard = { ...(mask === undefined ? {} : { mask }), ...(other === undefined ? {} : { other }) };
  const node = context.pool.load({ operand: pointer.operand, index, version, ...guard }, pointer.pointee);
  return [{ kind: 'data', shape: pointer.shape, node }];
};

const store: Handler = (op, context) => {
  const { pointer, mask: inside } = accessOf(context, op);
  const value = dataOf(context, op, 1).node;
  const mask = guardedBy(context, op.operands.length > 2 ? dataOf(context, op, 2).node : inside);
  const index = addressOf(context, op, pointer);
  note(context, op, pointer.operand, pointer.pointee);
  if (value.dtype !== pointer.pointee && !(value.dtype === 'i8' && pointer.pointee === 'bool')) {
    throw refuse(context, op, `writes ${value.dtype} to %${pointer.operand}, which holds ${pointer.pointee}`);
  }
  const { pool } = context;
  const parts = [
    pool.index(index, 'i64'),
    pool.cast(value, pointer.pointee),
    ...(mask === undefined ? [] : [mask]),
  ];
  const [address, stored, when] = bindAxes(pool, parts, pointer.shape);
  if (address.form.kind !== 'index') throw refuse(context, op, 'no address');
  const { line, column } = op;
  const sink = {
    operand: pointer.operand,
    pointee: pointer.pointee,
    index: address.form.index,
    value: stored,
    line,
    column,
  };
  context.sinks.push(when === undefined ? sink : { ...sink, mask: when });
  context.stores.set(pointer.operand, (context.stores.get(pointer.operand) ?? 0) + 1);
  return [];
};

/** The mask within the branch that is being executed. */
function guardedBy({ pool, guard }: Context, mask: Node | undefined): Node | undefined {
  if (guard === undefined) return mask;
  return mask === undefined ? guard : pool.binary('and', guard, mask);
}

function note(context: Context, op: Operation, operand: string, pointee: DType): void {
  const known = context.pointees.get(operand);
  if (known !== undefined && known !== pointee) {
    throw refuse(context, op, `%${operand} is seen as ${known} and as ${pointee}`);
  }
  context.pointees.set(operand, pointee);
}

/** base, extents, strides, offsets: the pretty form lists them in this order. */
const makeTile: Handler = (op, context) => {
  const { operand, pointee, offset } = pointerOf(context, op, 0);
  const rank = (op.operands.length - 1) / 3;
  const type = op.types[0] ?? op.resultTypes[0];
  const tensor = type?.kind === 'pointer' ? type.pointee : undefined;
  if (!Number.isInteger(rank) || rank < 1 || tensor?.kind !== 'tensor' || tensor.shape.length !== rank) {
    throw refuse(context, op, 'a tile pointer of unclear shape');
  }
  if (offset.form.kind !== 'index' || offset.form.index.key !== '0') {
    throw refuse(context, op, 'a tile pointer that does not start at its operand');
  }
  const nodes = (first: number): Node[] =>
    Array.from({ length: rank }, (_, n) => context.pool.cast(dataOf(context, op, first + n).node, 'i64'));
  const tile: Tile = {
    kind: 'tile',
    shape: tensor.shape,
    operand,
    pointee,
    extents: nodes(1),
    strides: nodes(1 + rank),
    offsets: nodes(1 + 2 * rank),
  };
  return [tile];
};

const advance: Handler = (op, context) => {
  const tile = operandValue(context, op, 0);
  if (tile.kind !== 'tile') throw refuse(context, op, 'moves a value that is no tile pointer');
  const offsets = tile.offsets.map((offset, n) =>
    integerOperation(context.pool, 'add', offset, context.pool.cast(dataOf(context, op, n + 1).node, 'i64')),
  );
  return [{ ...tile, offsets }];
};

/** The addresses of a tile and, for the axes in `boundaryCheck`, the mask of what lies inside the array. */
function tilePointer(context: Context, op: Operation, tile: Tile): Access {
  const { pool } = context;
  const checked = listAttribute(op, 'boundaryCheck') ?? [];
  let offset = pool.constant(0, 'i64');
  let mask: Node | undefined;
  for (const [n, size] of tile.shape.entries()) {
    const start = tile.offsets[n];
    if (start.form.kind !== 'index') throw refuse(context, op, 'the tile starts at loaded data', AFFINE);
    const position = pool.index(size === 1 ? start.form.index : add(start.form.index, axis(n)), 'i64');
    offset = integerOperation(pool, 'add', offset, integerOperation(pool, 'mul', position, tile.strides[n]));
    if (!checked.includes(n)) continue;
    const inside = pool.compare('lt', position, tile.extents[n]);
    mask = mask === undefined ? inside : pool.binary('and', mask, inside);
  }
  const pointer: Pointer = {
    kind: 'pointer',
    shape: tile.shape,
    operand: tile.operand,
    pointee: tile.pointee,
    offset,
  };
  return mask === undefined ? { pointer } : { pointer, mask };
}

export const MEMORY: Readonly<Record<string, Handler>> = {
  'tt.addptr': addPointer,
  'tt.load': load,
  'tt.store': store,
  'tt.make_tensor_ptr': makeTile,
  'tt.advance': advance,
};
