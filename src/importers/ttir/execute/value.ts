import type { DType } from '../../../kernels/ir.ts';
import type { Index } from '../symbols/index-expression.ts';
import { variable } from '../symbols/index-expression.ts';
import type { Node } from '../symbols/node.ts';
import type { Type } from '../syntax/ast.ts';

/** What an SSA value stands for: a node over the axes `@0`, `@1` … of its shape. A scalar has none. */
export type Data = Readonly<{ kind: 'data'; shape: readonly number[]; node: Node }>;
/** Addresses: an operand and an element offset. */
export type Pointer = Readonly<{
  kind: 'pointer';
  shape: readonly number[];
  operand: string;
  offset: Node;
  pointee: DType;
}>;
/**
 * A tile of an array, with the array's extents and strides: a pointer to it (tt.make_tensor_ptr), or a
 * descriptor (tt.make_tensor_descriptor), which says what lies outside of the array.
 */
export type Tile = Readonly<{
  kind: 'tile';
  shape: readonly number[];
  operand: string;
  pointee: DType;
  extents: readonly Node[];
  strides: readonly Node[];
  offsets: readonly Node[];
  /** What a descriptor reads outside: 0 or NaN. */
  outside?: number;
}>;
export type TtirValue = Data | Pointer | Tile;

/** The axis of a tensor as a variable. */
export function axis(position: number): Index {
  return variable(axisName(position));
}

export function axisName(position: number): string {
  return `@${position}`;
}

const DTYPES: Readonly<Record<string, DType>> = {
  f16: 'f16',
  bf16: 'bf16',
  f32: 'f32',
  f64: 'f64',
  i1: 'bool',
  i8: 'i8',
  i16: 'i16',
  i32: 'i32',
  i64: 'i64',
};

/** The IR's dtype of a scalar type, or of a tensor's elements; undefined for anything else. */
export function dtypeOf(type: Type): DType | undefined {
  if (type.kind === 'tensor') return dtypeOf(type.element);
  return type.kind === 'float' || type.kind === 'int' ? DTYPES[type.name] : undefined;
}

export function shapeOf(type: Type): readonly number[] {
  return type.kind === 'tensor' ? type.shape : [];
}
