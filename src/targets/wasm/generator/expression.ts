import type { BinaryOp, DType, Expression, UnaryOp } from '../../../kernels/ir.ts';
import { arithmetic } from './arithmetic.ts';
import { type Definition, isAtMostZero } from './bounds.ts';
import {
  cos,
  erf,
  exp,
  exp2,
  halfOnePlusErfTimes,
  log,
  log2,
  onePlusTanhUnder2,
  power,
  sin,
  tanh,
} from './functions.ts';
import type { Lanes } from './lanes.ts';
import { load, type Position, type Region, times } from './memory-access.ts';
import type { Node } from './node.ts';
import { erfGate, fitsCoefficients, isNumber, isReciprocal, plusOne, scaling } from './patterns.ts';
import { unsupported } from './unsupported.ts';

/** What an expression may ask of the place it stands at. */
export type Place = Readonly<{
  lanes: Lanes;
  position: Position;
  /** Throws for what the kernel does not declare: kernels are validated before. */
  region(operand: string): Region;
  value(name: string): Node;
  definition: Definition;
  /** Whether a masked load may read where its mask is false (inside memory, if not the operand). */
  readable(load: Extract<Expression, { kind: 'load' }>): boolean;
}>;

type Binary = Extract<Expression, { kind: 'binary' }>;

/** The value of an expression at a place. */
export function evaluate(expression: Expression, place: Place): Node {
  const { lanes: l } = place;
  switch (expression.kind) {
    case 'constant':
      return constantOf(l, expression.value, expression.dtype);
    case 'load':
      return loadOf(expression, place);
    case 'value':
      return place.value(expression.name);
    case 'index':
      return indexOf(expression, place);
    case 'unary':
      return unaryOf(expression, place);
    case 'binary':
      return isFloat(expression.dtype) ? floatBinary(expression, place) : plainBinary(expression, place);
    case 'compare':
      return arithmetic.compare(
        l,
        expression.op,
        expression.left.dtype,
        evaluate(expression.left, place),
        evaluate(expression.right, place),
      );
    case 'select':
      return l.select(
        evaluate(expression.condition, place),
        evaluate(expression.then, place),
        evaluate(expression.otherwise, place),
      );
    case 'cast':
      return arithmetic.cast(
        l,
        expression.operand.dtype,
        expression.dtype,
        evaluate(expression.operand, place),
      );
  }
}

function isFloat(dtype: DType): boolean {
  return dtype === 'f32' || dtype === 'f16' || dtype === 'bf16';
}

function constantOf(l: Lanes, value: number, dtype: DType): Node {
  if (isFloat(dtype)) return l.f32(value);
  if (dtype === 'f64') throw unsupported('f64 arithmetic');
  return dtype === 'bool' ? l.mask(value !== 0) : l.i32(value);
}

function loadOf(expression: Extract<Expression, { kind: 'load' }>, place: Place): Node {
  const { lanes: l } = place;
  const region = place.region(expression.operand);
  if (expression.when === undefined) return load(l, region, expression.at, place.position);
  if (!place.readable(expression)) {
    throw unsupported(`a masked load of '${expression.operand}' far outside it`);
  }
  const value = load(l, region, expression.at, place.position);
  const otherwise = constantOf(l, expression.otherwise ?? 0, expression.dtype);
  return l.select(evaluate(expression.when, place), value, otherwise);
}

function indexOf(expression: Extract<Expression, { kind: 'index' }>, place: Place): Node {
  const { lanes: l, position } = place;
  const { vector } = position;
  const { offset, strides } = expression.at;
  const step = vector === undefined ? 0 : (strides[vector.dim] ?? 0);
  const start = l.i32(offset + (vector?.ahead ?? 0) * step);
  const first = Object.entries(strides)
    .filter(([, stride]) => stride !== 0)
    .map(([dim, stride]) => times(l, position.index.get(dim)!, stride))
    .reduce((sum, term) => l.do('iadd', sum, term), start);
  const whole = vector?.wide && step !== 0 ? l.do('iadd', first, l.iota(step)) : first;
  return isFloat(expression.dtype) ? l.do('toFloat', whole) : whole;
}

const FUNCTIONS = Object.freeze({ cos, erf, exp, exp2, log, log2, sin, tanh });

function unary(l: Lanes, op: UnaryOp, dtype: DType, x: Node): Node {
  if (!isFloat(dtype) && op !== 'isnan') return arithmetic.integerUnary(l, op, dtype, x);
  switch (op) {
    case 'neg':
    case 'abs':
    case 'sqrt':
    case 'floor':
    case 'ceil':
      return l.do(op, x);
    case 'round':
      return l.do('nearest', x);
    case 'rsqrt':
      return l.do('div', l.f32(1), l.do('sqrt', x));
    case 'reciprocal':
      return l.do('div', l.f32(1), x);
    case 'isnan':
      return l.do('ne', x, x);
    case 'not':
      throw unsupported(`not of ${dtype}`);
    default:
      return FUNCTIONS[op](l, x);
  }
}

type Unary = Extract<Expression, { kind: 'unary' }>;

function unaryOf({ op, dtype, operand }: Unary, place: Place): Node {
  if (op === 'erf' && isFloat(dtype)) return scaledErf(operand, place);
  const x = evaluate(operand, place);
  if (op === 'exp' && isFloat(dtype)) return exp(place.lanes, x, isAtMostZero(operand, place.definition));
  return unary(place.lanes, op, dtype, x);
}

/** erf of c · x: its coefficients take the factor. */
function scaledErf(angle: Expression, place: Place): Node {
  const { lanes: l } = place;
  const { factor, rest } = scaling(angle);
  return fitsCoefficients(factor) ? erf(l, evaluate(rest, place), factor) : erf(l, evaluate(angle, place));
}

/** Multiply-adds where they may be fused, and divisions that a rewriting saves or makes more exact. */
function floatBinary(expression: Binary, place: Place): Node {
  const { lanes: l } = place;
  const { op, left, right } = expression;
  const at = (part: Expression) => evaluate(part, place);
  if (op === 'add' && isProduct(left)) return l.mulAdd(at(left.left), at(left.right), at(right));
  if (op === 'add' && isProduct(right)) return l.mulAdd(at(right.left), at(right.right), at(left));
  if (op === 'sub' && isProduct(right)) return l.mulSub(at(right.left), at(right.right), at(left));
  if (op === 'mul') return product(expression, place);
  if (op === 'pow') return raised(l, at(left), right, place);
  return arithmetic.float(l, op, at(left), at(right));
}

/** Whether a product may be fused into the sum around it: not one that `product` rewrites. */
function isProduct(expression: Expression): expression is Binary {
  return (
    expression.kind === 'binary' &&
    expression.op === 'mul' &&
    isFloat(expression.dtype) &&
    ![expression.left, expression.right].some((side) => plusOne('tanh', side) || isReciprocal(side)) &&
    erfGate(expression) === undefined
  );
}

/**
 * a · (1 / b) is a / b, and a · (1 + tanh u) is 2a / (1 + exp(−2u)): one rounding less, and the
 * latter without cancellation where tanh u nears −1. A ½ · in a meets the 2 and both vanish.
 * x · (1 + erf(c · x)) has a function of its own.
 */
function product(expression: Binary, place: Place): Node {
  const { lanes: l } = place;
  const { left, right } = expression;
  const gate = erfGate(expression);
  if (gate !== undefined) {
    const half = halfOnePlusErfTimes(l, evaluate(gate.x, place), gate.scale);
    return gate.factor === 0.5 ? half : l.do('mul', half, l.f32(2 * gate.factor));
  }
  for (const [factor, other] of [
    [right, left],
    [left, right],
  ]) {
    const angle = plusOne('tanh', factor);
    if (angle !== undefined) {
      const under = onePlusTanhUnder2(l, evaluate(angle, place));
      return l.do('div', twice(other, place), under);
    }
    if (isReciprocal(factor)) {
      return arithmetic.float(l, 'div', evaluate(other, place), evaluate(factor.operand, place));
    }
  }
  return l.do('mul', evaluate(left, place), evaluate(right, place));
}

function twice(expression: Expression, place: Place): Node {
  if (expression.kind === 'binary' && expression.op === 'mul') {
    if (isNumber(expression.right, 0.5)) return evaluate(expression.left, place);
    if (isNumber(expression.left, 0.5)) return evaluate(expression.right, place);
  }
  const value = evaluate(expression, place);
  return place.lanes.do('add', value, value);
}

function raised(l: Lanes, base: Node, exponent: Expression, place: Place): Node {
  if (exponent.kind === 'constant') {
    if (exponent.value === 0.5) return l.do('sqrt', base);
    if (exponent.value === -0.5) return l.do('div', l.f32(1), l.do('sqrt', base));
    if (Number.isInteger(exponent.value) && Math.abs(exponent.value) <= 16) {
      const whole = wholePower(l, base, Math.abs(exponent.value));
      return exponent.value < 0 ? l.do('div', l.f32(1), whole) : whole;
    }
  }
  return power(l, base, evaluate(exponent, place));
}

function wholePower(l: Lanes, base: Node, exponent: number): Node {
  if (exponent === 0) return l.f32(1);
  const half = wholePower(l, base, exponent >> 1);
  const square = exponent > 1 ? l.do('mul', half, half) : l.f32(1);
  if (exponent === 1) return base;
  return exponent & 1 ? l.do('mul', square, base) : square;
}

function plainBinary({ op, dtype, left, right }: Binary, place: Place): Node {
  const [a, b] = [evaluate(left, place), evaluate(right, place)];
  return arithmetic.integerBinary(place.lanes, op satisfies BinaryOp, dtype, a, b);
}
