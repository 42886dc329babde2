import type { DType, Expression } from '../../kernels/ir.ts';
import { erf, halfOnePlusErfTimes } from '../../kernels/ops/error-function.ts';
import { exp, onePlusTanhUnder2, power } from '../../kernels/ops/exponential.ts';
import type { Primitives } from '../../kernels/ops/primitives.ts';
import { arithmetic } from './arithmetic.ts';
import { type Definition, isAtMostZero } from './bounds.ts';
import { hasFloatLanes } from './lane-type.ts';
import { erfGate, fitsCoefficients, isNumber, isReciprocal, plusOne, splitFactor } from './patterns.ts';

/** What an expression expands to depends on whoever writes its primitives, loads and indices. */
export type ExpressionContext<V> = Readonly<{
  lanes: Primitives<V>;
  load(expression: Extract<Expression, { kind: 'load' }>): V;
  index(expression: Extract<Expression, { kind: 'index' }>): V;
  value(name: string): V;
  definition: Definition;
}>;

type Binary = Extract<Expression, { kind: 'binary' }>;

/** Expands an expression into primitives. Throws InputError for an operation that has no expansion. */
export function expand<V>(expression: Expression, context: ExpressionContext<V>): V {
  return arithmetic.rounded(context.lanes, expression.dtype, unrounded(expression, context));
}

/** Whether each operation on the dtype is rounded to it, so that two of them are never done as one. */
function isRounded<V>(m: Primitives<V>, dtype: DType): boolean {
  return dtype === 'f16' && m.rounded !== undefined;
}

function unrounded<V>(expression: Expression, context: ExpressionContext<V>): V {
  const { lanes: m } = context;
  switch (expression.kind) {
    case 'constant':
      return arithmetic.constant(m, expression.value, expression.dtype);
    case 'load':
      return context.load(expression);
    case 'value':
      return context.value(expression.name);
    case 'index':
      return context.index(expression);
    case 'unary':
      return unaryOf(expression, context);
    case 'binary':
      return binaryOf(expression, context);
    case 'compare':
      return arithmetic.compare(
        m,
        expression.op,
        expression.left.dtype,
        expand(expression.left, context),
        expand(expression.right, context),
      );
    case 'select':
      return m.select(
        expand(expression.condition, context),
        expand(expression.then, context),
        expand(expression.otherwise, context),
      );
    case 'cast':
      return arithmetic.cast(
        m,
        expression.operand.dtype,
        expression.dtype,
        expand(expression.operand, context),
      );
  }
}

type Unary = Extract<Expression, { kind: 'unary' }>;

function unaryOf<V>({ op, dtype, operand }: Unary, context: ExpressionContext<V>): V {
  if (op === 'erf' && hasFloatLanes(dtype)) return scaledErf(operand, context);
  const x = expand(operand, context);
  if (op === 'exp' && hasFloatLanes(dtype))
    return exp(context.lanes, x, isAtMostZero(operand, context.definition));
  return arithmetic.unary(context.lanes, op, operand.dtype, x);
}

/** erf(c · x), with c multiplied into the coefficients. */
function scaledErf<V>(angle: Expression, context: ExpressionContext<V>): V {
  const { lanes: m } = context;
  const { factor, rest } = splitFactor(angle);
  return fitsCoefficients(factor) ? erf(m, expand(rest, context), factor) : erf(m, expand(angle, context));
}

function binaryOf<V>(expression: Binary, context: ExpressionContext<V>): V {
  const { op, dtype, left, right } = expression;
  const rewritten = hasFloatLanes(dtype) ? rewrittenBinary(expression, context) : undefined;
  if (rewritten !== undefined) return rewritten;
  const [a, b] = [expand(left, context), expand(right, context)];
  return arithmetic.binary(context.lanes, op, dtype, a, b);
}

/** Uses multiply-adds where they may be fused, and rewrites divisions where that is faster or more exact. */
function rewrittenBinary<V>(expression: Binary, context: ExpressionContext<V>): V | undefined {
  const { lanes: m } = context;
  const { op, left, right } = expression;
  const at = (part: Expression) => expand(part, context);
  const fuses = !isRounded(m, expression.dtype);
  if (fuses && op === 'add' && isProduct(left)) return m.mulAdd(at(left.left), at(left.right), at(right));
  if (fuses && op === 'add' && isProduct(right)) return m.mulAdd(at(right.left), at(right.right), at(left));
  if (fuses && op === 'sub' && isProduct(right)) return m.mulSub(at(right.left), at(right.right), at(left));
  if (op === 'mul') return product(expression, context);
  return op === 'pow' ? raised(m, at(left), right, context) : undefined;
}

/** Whether an expression is a product that may be fused into the sum around it; `product` rewrites some others. */
function isProduct(expression: Expression): expression is Binary {
  return (
    expression.kind === 'binary' &&
    expression.op === 'mul' &&
    hasFloatLanes(expression.dtype) &&
    ![expression.left, expression.right].some((side) => plusOne('tanh', side) || isReciprocal(side)) &&
    erfGate(expression) === undefined
  );
}

/**
 * A product, rewritten where that helps: a · (1 / b) becomes a / b, and a · (1 + tanh u) becomes
 * 2a / (1 + exp(−2u)). Both save a rounding; the latter has no cancellation where tanh u is near −1, and
 * its 2 cancels a factor ½ of a. x · (1 + erf(c · x)) has a function of its own.
 */
function product<V>(expression: Binary, context: ExpressionContext<V>): V {
  const { lanes: m } = context;
  const { left, right } = expression;
  const gate = erfGate(expression);
  if (gate !== undefined) {
    const half = halfOnePlusErfTimes(m, expand(gate.x, context), gate.scale);
    return gate.factor === 0.5 ? half : m.do('mul', half, m.f32(2 * gate.factor));
  }
  for (const [factor, other] of [
    [right, left],
    [left, right],
  ]) {
    const angle = plusOne('tanh', factor);
    if (angle !== undefined) {
      const under = onePlusTanhUnder2(m, expand(angle, context));
      return m.do('div', twice(other, context), under);
    }
    if (isReciprocal(factor)) {
      return m.quotient(expand(other, context), expand(factor.operand, context));
    }
  }
  return m.do('mul', expand(left, context), expand(right, context));
}

function twice<V>(expression: Expression, context: ExpressionContext<V>): V {
  if (expression.kind === 'binary' && expression.op === 'mul') {
    if (isNumber(expression.right, 0.5)) return expand(expression.left, context);
    if (isNumber(expression.left, 0.5)) return expand(expression.right, context);
  }
  const value = expand(expression, context);
  return context.lanes.do('add', value, value);
}

function raised<V>(m: Primitives<V>, base: V, exponent: Expression, context: ExpressionContext<V>): V {
  if (exponent.kind === 'constant') {
    if (exponent.value === 0.5) return m.do('sqrt', base);
    if (exponent.value === -0.5) return m.do('div', m.f32(1), m.do('sqrt', base));
    if (Number.isInteger(exponent.value) && Math.abs(exponent.value) <= 16) {
      const whole = wholePower(m, base, Math.abs(exponent.value));
      return exponent.value < 0 ? m.do('div', m.f32(1), whole) : whole;
    }
  }
  return power(m, base, expand(exponent, context));
}

function wholePower<V>(m: Primitives<V>, base: V, exponent: number): V {
  if (exponent === 0) return m.f32(1);
  const half = wholePower(m, base, exponent >> 1);
  const square = exponent > 1 ? m.do('mul', half, half) : m.f32(1);
  if (exponent === 1) return base;
  return exponent & 1 ? m.do('mul', square, base) : square;
}
