import type { Scope } from './scope.ts';

/** What a lane holds. A 'mask' is 0 or 1 where narrow, no or all bits of a lane where wide. */
export type LaneType = 'f32' | 'i32' | 'mask';

/**
 * A value of the program being generated: one number where narrow, a v128 of four lanes where
 * wide. Pure values are shared (the same operation on the same arguments is one node) and live in
 * the outermost loop that has all their arguments.
 */
export type Node = {
  readonly id: number;
  readonly type: LaneType;
  readonly wide: boolean;
  readonly scope: Scope;
  readonly args: readonly Node[];
  /** WAT of the operation around its arguments' text. */
  readonly render: (args: readonly string[]) => string;
  /** Set where the value must stand in a local: loads keep their order, shared values their result. */
  local: boolean;
  /** Uses so far. */
  uses: number;
  /** Cheaper written anew at each use than kept: constants. */
  readonly inline?: boolean;
  /** The number, where it is known while generating. */
  readonly constant?: number;
};

/** The WebAssembly type that a node's local has. */
export function valueType(node: Readonly<{ type: LaneType; wide: boolean }>): string {
  if (node.wide) return 'v128';
  return node.type === 'f32' ? 'f32' : 'i32';
}
