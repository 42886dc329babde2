import type { LaneOperationName } from '../../../generator/lane-operations.ts';

/** The opening of an operation's scalar and its vector instruction; null: lane by lane. */
type Openings = Readonly<{ narrow: string; wide: string | null }>;

const f = (op: string): Openings => ({ narrow: `(f32.${op}`, wide: `(f32x4.${op}` });
const i = (op: string): Openings => ({ narrow: `(i32.${op}`, wide: `(i32x4.${op}` });
const bits = (op: string): Openings => ({ narrow: `(i32.${op}`, wide: `(v128.${op}` });
/** An operation without a vector instruction. */
const byLane = (narrow: string): Openings => ({ narrow, wide: null });

/** All bits of a float but its sign. */
const MAGNITUDE = `(v128.const i32x4 ${Array.from({ length: 4 }, () => 0x7fffffff).join(' ')})`;

/** How each operation is written; where the opening is empty, it is its argument itself. */
export const WAT_OPERATIONS: Readonly<Record<LaneOperationName, Openings>> = Object.freeze({
  add: f('add'),
  sub: f('sub'),
  mul: f('mul'),
  div: f('div'),
  min: f('min'),
  max: f('max'),
  neg: f('neg'),
  /** By v128.and: V8 compiles f32x4.abs to three instructions. */
  abs: { narrow: '(f32.abs', wide: `(v128.and ${MAGNITUDE}` },
  sqrt: f('sqrt'),
  floor: f('floor'),
  ceil: f('ceil'),
  trunc: f('trunc'),
  nearest: f('nearest'),
  lt: f('lt'),
  le: f('le'),
  gt: f('gt'),
  ge: f('ge'),
  eq: f('eq'),
  ne: f('ne'),
  iadd: i('add'),
  isub: i('sub'),
  imul: i('mul'),
  idiv: byLane('(call $quotient'),
  irem: byLane('(call $remainder'),
  ishl: byLane('(i32.shl'),
  ishr: byLane('(i32.shr_s'),
  imin: { narrow: '(call $imin', wide: '(i32x4.min_s' },
  imax: { narrow: '(call $imax', wide: '(i32x4.max_s' },
  ilt: i('lt_s'),
  ile: i('le_s'),
  igt: i('gt_s'),
  ige: i('ge_s'),
  ieq: i('eq'),
  ine: i('ne'),
  iand: bits('and'),
  ior: bits('or'),
  ixor: bits('xor'),
  mand: bits('and'),
  mor: bits('or'),
  mxor: bits('xor'),
  mnot: { narrow: '(i32.eqz', wide: '(v128.not' },
  bitsOf: { narrow: '(i32.reinterpret_f32', wide: '' },
  floatOf: { narrow: '(f32.reinterpret_i32', wide: '' },
  toFloat: { narrow: '(f32.convert_i32_s', wide: '(f32x4.convert_i32x4_s' },
  /** Saturates; NaN is 0. */
  toInteger: { narrow: '(i32.trunc_sat_f32_s', wide: '(i32x4.trunc_sat_f32x4_s' },
});
