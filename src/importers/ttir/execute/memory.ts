import type { DType } from '../../../kernels/ir.ts';
import { type Index, sumsIn, variablesOf } from '../symbols/index-expression.ts';
import type { Node } from '../symbols/node.ts';
import { dependsOn } from '../symbols/probe.ts';
import type { Operation } from '../syntax/ast.ts';
import { bindAxes } from './axes.ts';
import { type Context, dataOf, listAttribute, operandValue, pointerOf, refuse } from './context.ts';
import { integerOperation } from './integers.ts';
import type { Handler } from './per-element.ts';
import { AFFINE, type MemoryAccess, tileAccess } from './tiles.ts';
import type { Data, Pointer } from './value.ts';

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

/** What an access goes through, and the mask of a tile pointer. */
function accessOf(context: Context, op: Operation): MemoryAccess {
  const given = operandValue(context, op, 0);
  if (given.kind === 'data') throw refuse(context, op, 'goes through a value that is no pointer');
  if (given.kind === 'pointer') return { pointer: given };
  return tileAccess(context, op, given, listAttribute(op, 'boundaryCheck') ?? []);
}

const load: Handler = (op, context) => {
  const access = accessOf(context, op);
  const mask = op.operands.length > 1 ? dataOf(context, op, 1).node : access.mask;
  const other = op.operands.length > 2 ? dataOf(context, op, 2).node : undefined;
  return [loadThrough(context, op, { ...access, mask }, other)];
};

/** The values at some addresses; `other`, or 0, where the mask does not hold. */
export function loadThrough(context: Context, op: Operation, access: MemoryAccess, other?: Node): Data {
  const { pointer } = access;
  const mask = guardedBy(context, access.mask);
  const index = addressOf(context, op, pointer);
  note(context, op, pointer.operand, pointer.pointee);
  if (!context.loads.has(pointer.operand)) context.loads.set(pointer.operand, op);
  const version = context.stores.get(pointer.operand) ?? 0;
  const guard = { ...(mask === undefined ? {} : { mask }), ...(other === undefined ? {} : { other }) };
  const node = context.pool.load({ operand: pointer.operand, index, version, ...guard }, pointer.pointee);
  return { kind: 'data', shape: pointer.shape, node };
}

const store: Handler = (op, context) => {
  const access = accessOf(context, op);
  const mask = op.operands.length > 2 ? dataOf(context, op, 2).node : access.mask;
  storeThrough(context, op, { ...access, mask }, dataOf(context, op, 1).node);
  return [];
};

export function storeThrough(context: Context, op: Operation, access: MemoryAccess, value: Node): void {
  const { pointer } = access;
  const mask = guardedBy(context, access.mask);
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
}

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

export const MEMORY: Readonly<Record<string, Handler>> = {
  'tt.addptr': addPointer,
  'tt.load': load,
  'tt.store': store,
};
