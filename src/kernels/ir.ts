import type { SimpleCombine } from './combine.ts';
import type { BinaryOp } from './ops/binary.ts';
import type { CompareOp } from './ops/compare.ts';
import type { UnaryOp } from './ops/unary.ts';

export type { BinaryOp } from './ops/binary.ts';
export type { CompareOp } from './ops/compare.ts';
export type { UnaryOp } from './ops/unary.ts';

/**
 * The intermediate representation (IR) of kernels.
 *
 * A kernel iterates over named dimensions. Its stages run in order; each computes one named value
 * at every point of its own dimensions, reduces or contracts a value over some of them, or stores
 * to an operand. Everything else about a kernel is derived from this: op counts and bytes, the
 * float64 reference, WASM code, features for the cost model, and the costs in the simulator.
 *
 * Expressions are trees. The builder makes a sub-expression that is used twice a `map` stage of its own
 * (only a plain load may be repeated), so a kernel does not grow when it is written as JSON. Trees are at
 * most some fifty levels deep. All of it is frozen plain data.
 */

type FloatType = 'f16' | 'bf16' | 'f32' | 'f64';
type IntegerType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8';
export type DType = FloatType | IntegerType | 'bool';

/** Bytes of an element. */
export const BYTES: Readonly<Record<DType, number>> = Object.freeze({
  f64: 8,
  i64: 8,
  f32: 4,
  i32: 4,
  f16: 2,
  bf16: 2,
  i16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
});

/**
 * A dimension of the iteration space. 'reduction' where some stage reduces or contracts over it
 * (softmax's columns are reduced and later mapped over again: still 'reduction'); otherwise
 * 'parallel': iterations are independent and may be tiled and split over threads.
 */
export type Dimension = Readonly<{ name: string; extent: number; kind: 'parallel' | 'reduction' }>;

/** An array of `elements` elements that the kernel reads or writes, with flat indices. */
export type Operand = Readonly<{
  name: string;
  role: 'input' | 'output' | 'inout';
  dtype: DType;
  elements: number;
}>;

/** A flat element index: offset + Σ stride[d] · d. A dimension that is not named has stride 0. */
export type IndexMap = Readonly<{ offset: number; strides: Readonly<Record<string, number>> }>;

export type Expression =
  | Readonly<{ kind: 'constant'; value: number; dtype: DType }>
  /** Element `at` of an operand; where `when` is given and false, `otherwise` and no access. */
  | Readonly<{
      kind: 'load';
      operand: string;
      at: IndexMap;
      dtype: DType;
      when?: Expression;
      otherwise?: number;
    }>
  /** The value an earlier stage computed, at the current point of its dimensions. */
  | Readonly<{ kind: 'value'; name: string; dtype: DType }>
  /** An index as a number (causal masks, iota). */
  | Readonly<{ kind: 'index'; at: IndexMap; dtype: DType }>
  | Readonly<{ kind: 'unary'; op: UnaryOp; operand: Expression; dtype: DType }>
  | Readonly<{ kind: 'binary'; op: BinaryOp; left: Expression; right: Expression; dtype: DType }>
  | Readonly<{ kind: 'compare'; op: CompareOp; left: Expression; right: Expression; dtype: 'bool' }>
  | Readonly<{ kind: 'select'; condition: Expression; then: Expression; otherwise: Expression; dtype: DType }>
  /** Float to integer truncates and saturates; integer to integer wraps; anything to bool is ≠ 0. */
  | Readonly<{ kind: 'cast'; operand: Expression; dtype: DType }>;

/** How two partial results of a reduction are combined. Associative and commutative. */
export type Combine =
  | Readonly<{ kind: SimpleCombine }>
  /**
   * k components at once (online softmax's maximum and sum, argmax, Welford). `results` are
   * expressions over values named by `left` and `right`; `identity` has a number for each component.
   */
  | Readonly<{
      kind: 'region';
      left: readonly string[];
      right: readonly string[];
      results: readonly Expression[];
      identity: readonly number[];
    }>;

export type Stage =
  /** `name`[dims] = value */
  | Readonly<{ kind: 'map'; name: string; dims: readonly string[]; value: Expression }>
  /** `names`[dims] = combine of `values` over `over`; one component unless `combine` is a region. */
  | Readonly<{
      kind: 'reduce';
      names: readonly string[];
      dims: readonly string[];
      over: readonly string[];
      combine: Combine;
      values: readonly Expression[];
    }>
  /** `name`[dims] = Σ over `over` of left · right, accumulated in `dtype`. */
  | Readonly<{
      kind: 'contract';
      name: string;
      dims: readonly string[];
      over: readonly string[];
      left: Expression;
      right: Expression;
      dtype: DType;
    }>
  /** operand[at] = value at every point of dims (where `when`, if given, is true). */
  | Readonly<{
      kind: 'store';
      operand: string;
      at: IndexMap;
      dims: readonly string[];
      value: Expression;
      when?: Expression;
    }>;

export type Kernel = Readonly<{
  name: string;
  /** The shape by which users name it: [1048576], [64, 16384], [M, N, K]. */
  shape: readonly number[];
  /** The dtype of its main operands. */
  dtype: DType;
  dimensions: readonly Dimension[];
  operands: readonly Operand[];
  stages: readonly Stage[];
}>;
