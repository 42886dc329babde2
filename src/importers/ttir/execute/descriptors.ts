import type { Operation, TensorType, Type } from '../syntax/ast.ts';
import { type Context, operandValue, refuse } from './context.ts';
import { loadThrough, storeThrough } from './memory.ts';
import type { Handler } from './per-element.ts';
import { arrayOf, type MemoryAccess, moved, tileAccess, wholeOperands } from './tiles.ts';

/**
 * Tensor descriptors: whole tiles of an array are read and written. What lies outside of the array is read
 * as 0 (or NaN), and is not written.
 */

/** The padding that reads NaN. */
const PAD_NAN = '2';

/** base, extents, strides: the block's shape is in the type. */
const makeDescriptor: Handler = (op, context) => {
  const block = blockOf(op.resultTypes[0] ?? op.types.at(-1));
  if (block === undefined) throw refuse(context, op, 'a descriptor of unclear shape');
  const rank = block.shape.length;
  if (op.operands.length !== 1 + 2 * rank)
    throw refuse(context, op, `needs ${rank} extents and ${rank} strides for its block`);
  const padding = op.attributes.get('padding');
  const isNan = padding?.kind === 'number' && padding.text === PAD_NAN;
  return [{ ...arrayOf(context, op, block), outside: isNan ? Number.NaN : 0 }];
};

function blockOf(type: Type | undefined): TensorType | undefined {
  if (type?.kind === 'descriptor') return type.block;
  return type?.kind === 'pointer' && type.pointee.kind === 'tensor' ? type.pointee : undefined;
}

/** descriptor, a start along each axis. */
const load: Handler = (op, context) => {
  const [type] = op.resultTypes;
  const shape = type?.kind === 'tensor' ? type.shape : undefined;
  const { access, outside } = accessAt(context, op, 1, shape);
  return [loadThrough(context, op, access, context.pool.constant(outside, access.pointer.pointee))];
};

/** descriptor, starts, values in the pretty form; descriptor, values, starts in the generic one. */
const store: Handler = (op, context) => {
  const values = op.operands.map((_, n) => operandValue(context, op, n));
  const position = values.findIndex(({ kind, shape }) => kind === 'data' && shape.length > 0);
  const value = values[position];
  if (value?.kind !== 'data') throw refuse(context, op, 'stores no tensor');
  const { access } = accessAt(context, op, position === 1 ? 2 : 1, value.shape);
  storeThrough(context, op, access, value.node);
  return [];
};

/** The tile whose starts are the operands from `first` on, all of its axes checked. */
function accessAt(
  context: Context,
  op: Operation,
  first: number,
  shape: readonly number[] | undefined,
): Readonly<{ access: MemoryAccess; outside: number }> {
  const tile = operandValue(context, op, 0);
  if (tile.kind !== 'tile' || tile.outside === undefined)
    throw refuse(context, op, 'goes through a value that is no descriptor');
  const dropped = tile.shape.length - (shape ?? tile.shape).length;
  const isTile = shape === undefined || String([...Array(dropped).fill(1), ...shape]) === String(tile.shape);
  if (!isTile) throw refuse(context, op, `[${shape.join('x')}] is no tile of [${tile.shape.join('x')}]`);
  const starts = wholeOperands(context, op, first, tile.shape.length);
  const checked = tile.shape.map((_, n) => n);
  const access = tileAccess(context, op, moved(context, tile, starts), checked, dropped);
  return { access, outside: tile.outside };
}

export const DESCRIPTORS: Readonly<Record<string, Handler>> = {
  'tt.make_tensor_descriptor': makeDescriptor,
  'tt.descriptor_load': load,
  'tt.descriptor_store': store,
  // As Triton 3.3 calls them.
  'tt.experimental_descriptor_load': load,
  'tt.experimental_descriptor_store': store,
};
