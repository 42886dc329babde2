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
