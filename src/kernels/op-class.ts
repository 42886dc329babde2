import type { BinaryOp, Expression, UnaryOp } from './ir.ts';

/**
 * A zero count for each class of operations; operations of one class cost about the same. 'fma' is one
 * multiply-accumulate of a contraction, 'index' an index turned into a number, 'logic' bit operations and
 * shifts, 'round' floor, ceil and round.
 */
export const NO_OPS = Object.freeze({
  add: 0,
  mul: 0,
  fma: 0,
  div: 0,
  sqrt: 0,
  exp: 0,
  log: 0,
  tanh: 0,
  erf: 0,
  sin: 0,
  pow: 0,
  minmax: 0,
  compare: 0,
  select: 0,
  logic: 0,
  round: 0,
  convert: 0,
  index: 0,
  load: 0,
  store: 0,
});
export type OpClass = keyof typeof NO_OPS;

/** The class of an expression's outermost operation; undefined for constants and named values. */
export function opClass(expression: Expression): OpClass | undefined {
  switch (expression.kind) {
    case 'unary':
      return UNARY_CLASS[expression.op];
    case 'binary':
      return BINARY_CLASS[expression.op];
    case 'cast':
      return 'convert';
    case 'load':
    case 'index':
    case 'compare':
    case 'select':
      return expression.kind;
    default:
      return undefined;
  }
}

const UNARY_CLASS: Readonly<Record<UnaryOp, OpClass>> = {
  neg: 'add',
  abs: 'minmax',
  exp: 'exp',
  exp2: 'exp',
  log: 'log',
  log2: 'log',
  sqrt: 'sqrt',
  rsqrt: 'sqrt',
  reciprocal: 'div',
  tanh: 'tanh',
  erf: 'erf',
  sin: 'sin',
  cos: 'sin',
  floor: 'round',
  ceil: 'round',
  round: 'round',
  not: 'logic',
  isnan: 'compare',
};

export const BINARY_CLASS: Readonly<Record<BinaryOp, OpClass>> = {
  add: 'add',
  sub: 'add',
  mul: 'mul',
  div: 'div',
  rem: 'div',
  pow: 'pow',
  max: 'minmax',
  min: 'minmax',
  and: 'logic',
  or: 'logic',
  xor: 'logic',
  shl: 'logic',
  shr: 'logic',
};
