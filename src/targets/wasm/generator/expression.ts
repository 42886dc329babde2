import type { DType, Expression } from '../../../kernels/ir.ts';
import { required } from '../../../kernels/lookup.ts';
import { erf, halfOnePlusErfTimes } from '../../../kernels/ops/error-function.ts';
import { exp, onePlusTanhUnder2, power } from '../../../kernels/ops/exponential.ts';
import { arithmetic } from './arithmetic.ts';
import { type Definition, isAtMostZero } from './bounds.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import { emitLoad, type MemoryRegion, type Position, timesConstant } from './memory-access.ts';
import { erfGate, fitsCoefficients, isNumber, isReciprocal, plusOne, splitFactor } from './patterns.ts';
import { hasFloatLanes } from './storage.ts';
import { unsupported } from './unsupported.ts';

/** What the code of an expression depends on: where it is computed, and what its names stand for. */
export type EmitContext = Readonly<{
  lanes: Lanes;
  position: Position;
  /** The memory of an operand. Throws for one that the kernel does not declare. */
  region(operand: string): MemoryRegion;
  value(name: string): CodeNode;
  definition: Definition;
  /** Whether a masked load may read even where its mask is false: in memory, if not in the operand. */
  readable(load: Extract<Expression, { kind: 'load' }>): boolean;
}>;

type Binary = Extract<Expression, { kind: 'binary' }>;

/** Generates the code of an expression. Throws InputError for an operation that there is no code for. */
export function emitExpression(expression: Expression, context: EmitContext): CodeNode {
  const { lanes: l } = context;
  switch (expression.kind) {
    case 'constant':
      return constantOf(l, expression.value, expression.dtype);
    case 'load':
      return loadOf(expression, context);
    case 'value':
      return context.value(expression.name);
    case 'index':
      return indexOf(expression, context);
    case 'unary':
      return unaryOf(expression, context);
    case 'binary':
      return binaryOf(expression, context);
    case 'compare':
      return arithmetic.compare(
        l,
        expression.op,
        expression.left.dtype,
        emitExpression(expression.left, context),
        emitExpression(expression.right, context),
      );
    case 'select':
      return l.select(
        emitExpression(expression.condition, context),
        emitExpression(expression.then, context),
        emitExpression(expression.otherwise, context),
      );
    case 'cast':
      return arithmetic.cast(
        l,
        expression.operand.dtype,
        expression.dtype,
        emitExpression(expression.operand, context),
      );
  }
}

function constantOf(l: Lanes, value: number, dtype: DType): CodeNode {
  if (hasFloatLanes(dtype)) return l.f32(value);
  if (dtype === 'f64') throw unsupported('f64 arithmetic');
  return dtype === 'bool' ? l.mask(value !== 0) : l.i32(value);
}

function loadOf(expression: Extract<Expression, { kind: 'load' }>, context: EmitContext): CodeNode {
  const { lanes: l } = context;
  const region = context.region(expression.operand);
  if (expression.when === undefined) return emitLoad(l, region, expression.at, context.position);
  if (!context.readable(expression)) {
    throw unsupported(`a masked load of '${expression.operand}' far outside it`);
  }
  const value = emitLoad(l, region, expression.at, context.position);
  const otherwise = constantOf(l, expression.otherwise ?? 0, expression.dtype);
  return l.select(emitExpression(expression.when, context), value, otherwise);
}

function indexOf(expression: Extract<Expression, { kind: 'index' }>, context: EmitContext): CodeNode {
  const { lanes: l, position } = context;
  const { vector } = position;
  const { offset, strides } = expression.at;
  const step = vector === undefined ? 0 : (strides[vector.dim] ?? 0);
  const start = l.i32(offset + (vector?.ahead ?? 0) * step);
  const first = Object.entries(strides)
    .filter(([, stride]) => stride !== 0)
    .map(([dim, stride]) => timesConstant(l, required(position.index, dim), stride))
    .reduce((sum, term) => l.do('iadd', sum, term), start);
  const whole = vector?.wide && step !== 0 ? l.do('iadd', first, l.iota(step)) : first;
  return hasFloatLanes(expression.dtype) ? l.do('toFloat', whole) : whole;
}

type Unary = Extract<Expression, { kind: 'unary' }>;

function unaryOf({ op, dtype, operand }: Unary, context: EmitContext): CodeNode {
  if (op === 'erf' && hasFloatLanes(dtype)) return scaledErf(operand, context);
  const x = emitExpression(operand, context);
  if (op === 'exp' && hasFloatLanes(dtype))
    return exp(context.lanes, x, isAtMostZero(operand, context.definition));
  return arithmetic.unary(context.lanes, op, operand.dtype, x);
}

/** erf(c · x), with c multiplied into the coefficients. */
function scaledErf(angle: Expression, context: EmitContext): CodeNode {
  const { lanes: l } = context;
  const { factor, rest } = splitFactor(angle);
  return fitsCoefficients(factor)
    ? erf(l, emitExpression(rest, context), factor)
    : erf(l, emitExpression(angle, context));
}

function binaryOf(expression: Binary, context: EmitContext): CodeNode {
  const { op, dtype, left, right } = expression;
  const rewritten = hasFloatLanes(dtype) ? rewrittenBinary(expression, context) : undefined;
  if (rewritten !== undefined) return rewritten;
  const [a, b] = [emitExpression(left, context), emitExpression(right, context)];
  return arithmetic.binary(context.lanes, op, dtype, a, b);
}

/** Uses multiply-adds where they may be fused, and rewrites divisions where that is faster or more exact. */
function rewrittenBinary(expression: Binary, context: EmitContext): CodeNode | undefined {
  const { lanes: l } = context;
  const { op, left, right } = expression;
  const at = (part: Expression) => emitExpression(part, context);
  if (op === 'add' && isProduct(left)) return l.mulAdd(at(left.left), at(left.right), at(right));
  if (op === 'add' && isProduct(right)) return l.mulAdd(at(right.left), at(right.right), at(left));
  if (op === 'sub' && isProduct(right)) return l.mulSub(at(right.left), at(right.right), at(left));
  if (op === 'mul') return product(expression, context);
  return op === 'pow' ? raised(l, at(left), right, context) : undefined;
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
function product(expression: Binary, context: EmitContext): CodeNode {
  const { lanes: l } = context;
  const { left, right } = expression;
  const gate = erfGate(expression);
  if (gate !== undefined) {
    const half = halfOnePlusErfTimes(l, emitExpression(gate.x, context), gate.scale);
    return gate.factor === 0.5 ? half : l.do('mul', half, l.f32(2 * gate.factor));
  }
  for (const [factor, other] of [
    [right, left],
    [left, right],
  ]) {
    const angle = plusOne('tanh', factor);
    if (angle !== undefined) {
      const under = onePlusTanhUnder2(l, emitExpression(angle, context));
      return l.do('div', twice(other, context), under);
    }
    if (isReciprocal(factor)) {
      return l.quotient(emitExpression(other, context), emitExpression(factor.operand, context));
    }
  }
  return l.do('mul', emitExpression(left, context), emitExpression(right, context));
}

function twice(expression: Expression, context: EmitContext): CodeNode {
  if (expression.kind === 'binary' && expression.op === 'mul') {
    if (isNumber(expression.right, 0.5)) return emitExpression(expression.left, context);
    if (isNumber(expression.left, 0.5)) return emitExpression(expression.right, context);
  }
  const value = emitExpression(expression, context);
  return context.lanes.do('add', value, value);
}

function raised(l: Lanes, base: CodeNode, exponent: Expression, context: EmitContext): CodeNode {
  if (exponent.kind === 'constant') {
    if (exponent.value === 0.5) return l.do('sqrt', base);
    if (exponent.value === -0.5) return l.do('div', l.f32(1), l.do('sqrt', base));
    if (Number.isInteger(exponent.value) && Math.abs(exponent.value) <= 16) {
      const whole = wholePower(l, base, Math.abs(exponent.value));
      return exponent.value < 0 ? l.do('div', l.f32(1), whole) : whole;
    }
  }
  return power(l, base, emitExpression(exponent, context));
}

function wholePower(l: Lanes, base: CodeNode, exponent: number): CodeNode {
  if (exponent === 0) return l.f32(1);
  const half = wholePower(l, base, exponent >> 1);
  const square = exponent > 1 ? l.do('mul', half, half) : l.f32(1);
  if (exponent === 1) return base;
  return exponent & 1 ? l.do('mul', square, base) : square;
}
