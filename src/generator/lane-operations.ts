import type { Primitive } from '../kernels/ops/primitives.ts';
import type { LaneType } from '../lowering/expressions/lane-type.ts';

/**
 * The operations that scalar and vector code share: each gives the same bits either way. `min` and `max` are
 * NaN where either side is.
 */
export type LaneOperationName = Primitive | 'min' | 'max';

/** The type of each operation's result. */
export const RESULT_TYPES: Readonly<Record<LaneOperationName, LaneType>> = Object.freeze({
  add: 'f32',
  sub: 'f32',
  mul: 'f32',
  div: 'f32',
  min: 'f32',
  max: 'f32',
  neg: 'f32',
  abs: 'f32',
  sqrt: 'f32',
  floor: 'f32',
  ceil: 'f32',
  trunc: 'f32',
  nearest: 'f32',
  lt: 'mask',
  le: 'mask',
  gt: 'mask',
  ge: 'mask',
  eq: 'mask',
  ne: 'mask',
  iadd: 'i32',
  isub: 'i32',
  imul: 'i32',
  idiv: 'i32',
  irem: 'i32',
  ishl: 'i32',
  ishr: 'i32',
  imin: 'i32',
  imax: 'i32',
  ilt: 'mask',
  ile: 'mask',
  igt: 'mask',
  ige: 'mask',
  ieq: 'mask',
  ine: 'mask',
  iand: 'i32',
  ior: 'i32',
  ixor: 'i32',
  mand: 'mask',
  mor: 'mask',
  mxor: 'mask',
  mnot: 'mask',
  bitsOf: 'i32',
  floatOf: 'f32',
  toFloat: 'f32',
  toInteger: 'i32',
});
