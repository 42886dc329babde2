import type { OpClass } from './op-classes.ts';
import type { Primitives } from './primitives.ts';

/** What an op computes on operands of one kind of dtype. */
export type UnaryMeaning = Readonly<{
  /** The float64 reference. Integers wrap at their width afterwards. */
  value: (x: number) => number;
  /** The same in primitive operations: an emitter prints them, a simulator counts them. */
  steps: <V>(m: Primitives<V>, x: V) => V;
}>;

export type BinaryMeaning = Readonly<{
  value: (x: number, y: number) => number;
  steps: <V>(m: Primitives<V>, x: V, y: V) => V;
}>;

/** How tightly a sign binds when an expression is printed; greater is tighter. */
export type Infix = Readonly<{ sign: string; binding: number }>;

/**
 * An op of the IR, in one place: what it is called, how it prints, what it computes on floats, integers and
 * truth values, and how. What has no meaning on a kind of dtype is refused where code is generated; its
 * reference there is that of floats.
 */
type Op<Meaning> = Readonly<{
  /** What it costs about as much as. */
  class: OpClass;
  float?: Meaning;
  integer?: Meaning;
  truth?: Meaning;
}>;

export type UnaryOpEntry = Op<UnaryMeaning> &
  Readonly<{
    /** Printed before its operand: `-x`; absent: `exp(x)`. */
    prefix?: string;
    /** The dtype of the result, where it is not that of the operand. */
    result?: 'bool';
    /** Defined for positive numbers only, which random inputs respect. */
    isForPositive?: true;
  }>;

export type BinaryOpEntry = Op<BinaryMeaning> &
  Readonly<{
    /** Printed between its operands: `x + y`; absent: `max(x, y)`. */
    infix?: Infix;
    isForPositive?: true;
  }>;

export type CompareOpEntry = Readonly<{
  infix: Infix;
  holds: (x: number, y: number) => boolean;
  float: BinaryMeaning['steps'];
  integer: BinaryMeaning['steps'];
  truth?: BinaryMeaning['steps'];
}>;

/** A family of ops by their names. */
export type UnaryOps = Readonly<Record<string, UnaryOpEntry>>;
