import type { InputError } from '../../../../search-space/input-error.ts';
import type { DType } from '../../../kernels/ir.ts';
import { type Place, refusal } from '../refusal.ts';
import type { Index } from '../symbols/index-expression.ts';
import type { Node } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';
import type { Block, FunctionDefinition, Operation } from '../syntax/ast.ts';
import { typeName } from '../syntax/types.ts';
import { type Data, dtypeOf, type Pointer, type TtirValue } from './value.ts';

/** A store, in program order. Its axes are lanes by now. */
export type Sink = Place &
  Readonly<{ operand: string; pointee: DType; index: Index; value: Node; mask?: Node }>;

/** An unexplored part of a program's meaning is shared by all the functions that execute it. */
export type Context = {
  readonly pool: Pool;
  readonly file: string;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly values: Map<string, TtirValue>;
  readonly sinks: Sink[];
  /** Stores to an operand so far. */
  readonly stores: Map<string, number>;
  /** Element dtype of each operand that is accessed. */
  readonly pointees: Map<string, DType>;
  /** Where each operand is read first. */
  readonly loads: Map<string, Place>;
  /** Iterations of each loop variable. */
  readonly extents: Map<string, number>;
  /** What of the program's meaning is not kept, for people. */
  readonly notes: Set<string>;
  /** The condition under which the current branch is taken. */
  guard: Node | undefined;
  readonly executeBlock: (block: Block, context: Context) => readonly TtirValue[];
  /** Operations that may still be executed. */
  readonly fuel: { left: number };
  /** How many loops are open. */
  depth: number;
};

export function refuse(context: Context, op: Operation, problem: string, hint?: string): InputError {
  return refusal(context.file, op, `${op.name}: ${problem}`, hint);
}

/** Operand `position` of an operation. */
export function operandValue(context: Context, op: Operation, position: number): TtirValue {
  const name = op.operands[position];
  if (name === undefined) throw refuse(context, op, `operand ${position + 1} is missing`);
  return named(context, op, name);
}

export function named(context: Context, op: Operation, name: string): TtirValue {
  const value = context.values.get(name) ?? context.values.get(`${name}#0`) ?? withoutIndex(context, name);
  if (value === undefined) throw undefinedName(context, op, name);
  return value;
}

/** A name without a value: an argument of a type that the IR does not have, or no name of the program. */
function undefinedName(context: Context, op: Operation, name: string): InputError {
  const all = [...context.functions.values()].flatMap((one) => one.arguments);
  const type = all.find((one) => one.name === name)?.type;
  const element = type?.kind === 'pointer' ? type.pointee : type;
  if (type === undefined || element === undefined || dtypeOf(element) !== undefined) {
    return refuse(context, op, `${name} is not defined here`);
  }
  const hint = 'supported: f16, bf16, f32, f64, i1, i8, i16, i32, i64 and pointers to them';
  return refuse(context, op, `${name} has the type ${typeName(type)}, which is not supported`, hint);
}

/** `%5#0` of an operation with one result. */
function withoutIndex(context: Context, name: string): TtirValue | undefined {
  return name.endsWith('#0') ? context.values.get(name.slice(0, -2)) : undefined;
}

export function dataOf(context: Context, op: Operation, position: number): Data {
  const value = operandValue(context, op, position);
  if (value.kind !== 'data') throw refuse(context, op, `operand ${position + 1} is a pointer`);
  return value;
}

export function pointerOf(context: Context, op: Operation, position: number): Pointer {
  const value = operandValue(context, op, position);
  if (value.kind !== 'pointer') throw refuse(context, op, `operand ${position + 1} is no pointer`);
  return value;
}

/** The index a value is, if it is one. */
export function indexOf(value: TtirValue): Index | undefined {
  return value.kind === 'data' && value.node.form.kind === 'index' ? value.node.form.index : undefined;
}

/** The shape that all operands share. */
export function commonShape(
  context: Context,
  op: Operation,
  values: readonly TtirValue[],
): readonly number[] {
  const shape = values[0]?.shape ?? [];
  for (const value of values) {
    if (value.shape.length !== shape.length || value.shape.some((size, n) => size !== shape[n])) {
      const shapes = values.map((one) => `[${one.shape.join('x')}]`).join(' and ');
      throw refuse(context, op, `operands of different shapes ${shapes}`);
    }
  }
  return shape;
}

/** Integer attribute `name`. */
export function wholeAttribute(context: Context, op: Operation, name: string): number {
  const attribute = op.attributes.get(name);
  const value = attribute?.kind === 'number' ? Number(attribute.text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw refuse(context, op, `needs a whole number '${name}'`);
  return value;
}

/** A list attribute of whole numbers, or undefined. */
export function listAttribute(op: Operation, name: string): readonly number[] | undefined {
  const attribute = op.attributes.get(name);
  if (attribute === undefined || (attribute.kind !== 'list' && attribute.kind !== 'dense')) return undefined;
  return attribute.items.map((item) => (item.kind === 'number' ? Number(item.text) : Number.NaN));
}
