import { add } from '../symbols/index-expression.ts';
import type { Node } from '../symbols/node.ts';
import type { Operation, TensorType } from '../syntax/ast.ts';
import { type Context, dataOf, operandValue, pointerOf, refuse } from './context.ts';
import { integerOperation } from './integers.ts';
import type { Handler } from './per-element.ts';
import { axis, type Pointer, type Tile } from './value.ts';

/** The addresses of an access, and where they lie inside the array. */
export type MemoryAccess = Readonly<{ pointer: Pointer; mask?: Node | undefined }>;

export const AFFINE = 'addresses must be affine in program ids, ranges and loop counters';

/** base, extents, strides, offsets: the pretty form lists them in this order. */
const makeTile: Handler = (op, context) => {
  const type = op.types[0] ?? op.resultTypes[0];
  const tensor = type?.kind === 'pointer' ? type.pointee : undefined;
  if (tensor?.kind !== 'tensor') throw refuse(context, op, 'a tile pointer of unclear shape');
  const rank = tensor.shape.length;
  const offsets = wholeOperands(context, op, 1 + 2 * rank, rank);
  return [{ ...arrayOf(context, op, tensor), offsets }];
};

/** What a tile pointer and a descriptor say alike: base, extents, strides. Their tile starts at 0. */
export function arrayOf(context: Context, op: Operation, block: TensorType): Tile {
  const { operand, pointee, offset } = pointerOf(context, op, 0);
  const { shape } = block;
  const rank = shape.length;
  if (offset.form.kind !== 'index' || offset.form.index.key !== '0')
    throw refuse(context, op, 'a tile of an array that does not start at its operand');
  return {
    kind: 'tile',
    shape,
    operand,
    pointee,
    extents: wholeOperands(context, op, 1, rank),
    strides: wholeOperands(context, op, 1 + rank, rank),
    offsets: shape.map(() => context.pool.constant(0, 'i64')),
  };
}

/** `count` operands from `first` on, as whole numbers. */
export function wholeOperands(
  context: Context,
  op: Operation,
  first: number,
  count: number,
): readonly Node[] {
  return Array.from({ length: count }, (_, n) =>
    context.pool.cast(dataOf(context, op, first + n).node, 'i64'),
  );
}

const advance: Handler = (op, context) => {
  const tile = operandValue(context, op, 0);
  if (tile.kind !== 'tile') throw refuse(context, op, 'moves a value that is no tile pointer');
  return [moved(context, tile, wholeOperands(context, op, 1, tile.shape.length))];
};

/** The tile that starts `by` elements farther along each axis. */
export function moved(context: Context, tile: Tile, by: readonly Node[]): Tile {
  const offsets = tile.offsets.map((offset, n) => integerOperation(context.pool, 'add', offset, by[n]));
  return { ...tile, offsets };
}

/**
 * The addresses of a tile and, for the axes in `checked`, the mask of what lies inside the array. So many
 * leading axes of one element as `dropped` says are none of the access.
 */
export function tileAccess(
  context: Context,
  op: Operation,
  tile: Tile,
  checked: readonly number[],
  dropped = 0,
): MemoryAccess {
  const { pool } = context;
  let offset = pool.constant(0, 'i64');
  let mask: Node | undefined;
  for (const [n, size] of tile.shape.entries()) {
    const { form } = tile.offsets[n];
    if (form.kind !== 'index') throw refuse(context, op, 'the tile starts at loaded data', AFFINE);
    const position = pool.index(size === 1 ? form.index : add(form.index, axis(n - dropped)), 'i64');
    offset = integerOperation(pool, 'add', offset, integerOperation(pool, 'mul', position, tile.strides[n]));
    if (!checked.includes(n)) continue;
    const below = pool.compare('lt', position, tile.extents[n]);
    const inside = pool.binary('and', pool.compare('ge', position, pool.constant(0, 'i64')), below);
    mask = mask === undefined ? inside : pool.binary('and', mask, inside);
  }
  const { operand, pointee } = tile;
  return { pointer: { kind: 'pointer', shape: tile.shape.slice(dropped), operand, pointee, offset }, mask };
}

export const TILES: Readonly<Record<string, Handler>> = {
  'tt.make_tensor_ptr': makeTile,
  'tt.advance': advance,
};
