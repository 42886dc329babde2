import type { Expression } from '../../kernels/ir.ts';

/** Patterns of expressions that are rewritten. */
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

/** Whether the expression is 1 / x. */
export function isReciprocal(expression: Expression): expression is Unary {
  return expression.kind === 'unary' && expression.op === 'reciprocal';
}

export function isNumber(expression: Expression, value: number): boolean {
  return expression.kind === 'constant' && expression.value === value;
}

/** An expression as a constant times the rest of it. */
type ScaledExpression = Readonly<{ factor: number; rest: Expression }>;

/** Splits a constant factor off a product; 1 where there is none. */
export function splitFactor(expression: Expression): ScaledExpression {
  if (expression.kind === 'binary' && expression.op === 'mul') {
    for (const [side, other] of bothWays(expression)) {
      if (side.kind === 'constant') return { factor: side.value, rest: other };
    }
  }
  return { factor: 1, rest: expression };
}

/** Whether a factor of a polynomial's argument may be multiplied into its coefficients: they stay well inside f32. */
export function fitsCoefficients(factor: number): boolean {
  return Math.abs(factor) >= 1 / 16 && Math.abs(factor) <= 16;
}

/** factor · x · (1 + erf(scale · x)), with the same x: the pattern of GELU. */
type ErfGate = Readonly<{ factor: number; x: Expression; scale: number }>;

export function erfGate(expression: Binary): ErfGate | undefined {
  if (expression.op !== 'mul' || expression.dtype === 'f64') return undefined;
  for (const [gate, other] of bothWays(expression)) {
    const angle = plusOne('erf', gate);
    if (angle === undefined) continue;
    const [outer, inner] = [splitFactor(other), splitFactor(angle)];
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
