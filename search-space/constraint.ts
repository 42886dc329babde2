import type { Value } from './parameter.ts';

/**
 * A predicate over parameters as a tree, never evaluated as code. Made by the typed builder or
 * parsed from text (Python's grammar and meaning, as Kernel Tuner and T1 files use it).
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

/** A predicate with a sentence for people ("buffers × tile must fit the scratchpad"). */
export type Constraint = Readonly<{ expression: ConstraintExpression; sentence: string }>;
