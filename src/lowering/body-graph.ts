import type { SimpleCombine } from '../kernels/combine.ts';
import type { DType, Expression } from '../kernels/ir.ts';

/** What a node of a body computes from its inputs. */
export type BodyOperation =
  /** Nothing: a constant, a value from outside, a plain load or store. */
  | Readonly<{ kind: 'nothing' }>
  /** The outermost operation of an expression. */
  | Readonly<{ kind: 'expression'; expression: Expression }>
  /** Two partial results of a reduction combined. */
  | Readonly<{ kind: 'combine'; how: SimpleCombine; dtype: DType }>
  /** One multiplication and one addition of a contraction. */
  | Readonly<{ kind: 'multiply-add'; dtype: DType }>
  /** A loaded number in all lanes. */
  | Readonly<{ kind: 'splat' }>;

/** Where the value of a node changes, and so how often it is computed. */
export type Varies = Readonly<{
  /** In the innermost loops at all; if not, once before them. */
  inside: boolean;
  /** From lane to lane; if not, one number for all lanes. */
  lanes: boolean;
  /** Between the interleaved copies of an unrolled body. */
  copies: boolean;
}>;

/** One operation of a loop body on all lanes; `inputs` are positions of earlier nodes. */
export type BodyNode = Readonly<{
  kind: 'compute' | 'load' | 'gather' | 'store';
  operation: BodyOperation;
  dtype: DType;
  inputs: readonly number[];
  varies: Varies;
}>;

/** A loop body, inputs before their users, and the operation that merges the lanes of each accumulator. */
export type BodyGraph = Readonly<{ nodes: readonly BodyNode[]; laneMerges: readonly BodyOperation[] }>;

export const EMPTY_BODY: BodyGraph = Object.freeze({ nodes: [], laneMerges: [] });
