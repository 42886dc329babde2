import type { Mechanism, Value } from './parameter.ts';

/**
 * A predicate over parameters as a tree; it is interpreted, never run as code. Made by the typed builder or
 * parsed from text with Python's grammar and meaning, as in Kernel Tuner and T1 files.
 */
export type ConstraintExpression =
  | Readonly<{ kind: 'constant'; value: Value }>
  | Readonly<{ kind: 'list'; items: readonly ConstraintExpression[] }>
  | Readonly<{ kind: 'name'; name: string }>
  | Readonly<{ kind: 'unary'; op: '-' | '+' | 'not'; operand: ConstraintExpression }>
  | Readonly<{
      kind: 'binary';
      op: '+' | '-' | '*' | '/' | '//' | '%' | '**';
      left: ConstraintExpression;
      right: ConstraintExpression;
    }>
  /** Chained as in Python: a < b <= c. */
  | Readonly<{
      kind: 'compare';
      first: ConstraintExpression;
      rest: readonly Readonly<{ op: CompareOperator; operand: ConstraintExpression }>[];
    }>
  | Readonly<{ kind: 'and' | 'or'; operands: readonly ConstraintExpression[] }>
  | Readonly<{ kind: 'call'; name: 'min' | 'max' | 'abs'; arguments: readonly ConstraintExpression[] }>;

export type CompareOperator = '<' | '<=' | '>' | '>=' | '==' | '!=' | 'in' | 'not in';

/** A predicate with a sentence that explains a violation ("buffers × tile must fit the scratchpad"). */
export type Constraint = Readonly<{
  expression: ConstraintExpression;
  sentence: string;
  /** The mechanism that a compiler would not use where this is broken: it makes another configuration of it. */
  gates?: Mechanism;
}>;
