import type { Primitive } from '../kernels/ops/primitives.ts';

/** How an operation is written: an operator before or between its parts, or a function of lanes.h. */
type Writing = Readonly<{ operator: string }> | Readonly<{ call: string }>;

/** The scalar and the vector form of an operation; null: lane by lane. */
type Forms = Readonly<{ narrow: Writing; wide: Writing | null }>;

const operator = (sign: string): Forms => ({ narrow: { operator: sign }, wide: { operator: sign } });
const calls = (narrow: string, wide: string | null): Forms => ({
  narrow: { call: narrow },
  wide: wide === null ? null : { call: wide },
});

/** How each operation is written. Integers wrap, as the compiler is told. */
export const C_OPERATIONS: Readonly<Record<Primitive | 'min' | 'max', Forms>> = Object.freeze({
  add: operator('+'),
  sub: operator('-'),
  mul: operator('*'),
  div: operator('/'),
  min: calls('min_s', 'min_w'),
  max: calls('max_s', 'max_w'),
  neg: operator('-'),
  abs: calls('__builtin_fabsf', 'abs_w'),
  sqrt: calls('__builtin_sqrtf', 'sqrt_w'),
  floor: calls('__builtin_floorf', 'floor_w'),
  ceil: calls('__builtin_ceilf', 'ceil_w'),
  trunc: calls('__builtin_truncf', 'trunc_w'),
  nearest: calls('__builtin_rintf', 'nearest_w'),
  lt: operator('<'),
  le: operator('<='),
  gt: operator('>'),
  ge: operator('>='),
  eq: operator('=='),
  ne: operator('!='),
  iadd: operator('+'),
  isub: operator('-'),
  imul: operator('*'),
  idiv: calls('quotient', null),
  irem: calls('remainder_of', null),
  ishl: calls('shl_s', 'shl_w'),
  ishr: calls('shr_s', 'shr_w'),
  imin: calls('imin_s', 'imin_w'),
  imax: calls('imax_s', 'imax_w'),
  ilt: operator('<'),
  ile: operator('<='),
  igt: operator('>'),
  ige: operator('>='),
  ieq: operator('=='),
  ine: operator('!='),
  iand: operator('&'),
  ior: operator('|'),
  ixor: operator('^'),
  mand: operator('&'),
  mor: operator('|'),
  mxor: operator('^'),
  mnot: { narrow: { operator: '!' }, wide: { operator: '~' } },
  bitsOf: calls('bits_of', 'as_i'),
  floatOf: calls('float_of', 'as_f'),
  toFloat: calls('(float)', 'to_float_w'),
  toInteger: calls('to_integer', 'to_integer_w'),
});
