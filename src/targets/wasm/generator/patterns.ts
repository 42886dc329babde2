import type { Expression } from '../../../kernels/ir.ts';

/** Shapes of expressions that a rewriting knows. */
type Binary = Extract<Expression, { kind: 'binary' }>;
type Unary = Extract<Expression, { kind: 'unary' }>;

/** u, where the expression is 1 + f(u). */
export function plusOne(f: Unary['op'], expression: Expression): Expression | undefined {
  if (expression.kind !== 'binary' || expression.op !== 'add') return undefined;
  for (const [side, other] of bothWays(expression)) {
    if (side.kind === 'unary' && side.op === f && isNumber(other, 1)) return side.operand;
  }
  return undefined;
}

export function isReciprocal(expression: Expression): expression is Unary {
  return expression.kind === 'unary' && expression.op === 'reciprocal';
}

export function isNumber(expression: Expression, value: number): boolean {
  return expression.kind === 'constant' && expression.value === value;
}

/** An expression as a constant times the rest of it. */
export type Scaling = Readonly<{ factor: number; rest: Expression }>;

export function scaling(expression: Expression): Scaling {
  if (expression.kind === 'binary' && expression.op === 'mul') {
    for (const [side, other] of bothWays(expression)) {
      if (side.kind === 'constant') return { factor: side.value, rest: other };
    }
  }
  return { factor: 1, rest: expression };
}

/** Whether a polynomial's coefficients stay well inside f32 when they take this factor of its argument. */
export function fitsCoefficients(factor: number): boolean {
  return Math.abs(factor) >= 1 / 16 && Math.abs(factor) <= 16;
}

/** factor · x · (1 + erf(scale · x)), GELU's shape, with the same x. */
export type ErfGate = Readonly<{ factor: number; x: Expression; scale: number }>;

export function erfGate(expression: Binary): ErfGate | undefined {
  if (expression.op !== 'mul' || expression.dtype === 'f64') return undefined;
  for (const [gate, other] of bothWays(expression)) {
    const angle = plusOne('erf', gate);
    if (angle === undefined) continue;
    const [outer, inner] = [scaling(other), scaling(angle)];
    if (inner.factor > 0 && fitsCoefficients(inner.factor) && isSame(outer.rest, inner.rest)) {
      return { factor: outer.factor, x: outer.rest, scale: inner.factor };
    }
  }
  return undefined;
}

function isSame(a: Expression, b: Expression): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function bothWays({ left, right }: Binary): readonly (readonly [Expression, Expression])[] {
  return [
    [left, right],
    [right, left],
  ];
}
