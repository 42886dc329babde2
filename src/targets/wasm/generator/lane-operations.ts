import type { Primitive } from '../../../kernels/ops/primitives.ts';
import type { LaneType } from '../../../lowering/expressions/lane-type.ts';

/** An operation on lanes: the opening of its scalar and its vector instruction (null: lane by lane), and its types. */
export type LaneOperation = Readonly<{
  narrow: string;
  wide: string | null;
  result: LaneType;
  arguments: readonly LaneType[];
}>;

const f = (narrow: string, wide = narrow, count = 2): LaneOperation => ({
  narrow: `(f32.${narrow}`,
  wide: `(f32x4.${wide}`,
  result: 'f32',
  arguments: Array.from({ length: count }, () => 'f32'),
});
const i = (narrow: string, wide = narrow): LaneOperation => ({
  narrow: `(i32.${narrow}`,
  wide: `(i32x4.${wide}`,
  result: 'i32',
  arguments: ['i32', 'i32'],
});
const compareF = (op: string): LaneOperation => ({ ...f(op), result: 'mask' });
const compareI = (narrow: string, wide = narrow): LaneOperation => ({ ...i(narrow, wide), result: 'mask' });
const bits = (op: string, type: 'i32' | 'mask'): LaneOperation => ({
  narrow: `(i32.${op}`,
  wide: `(v128.${op}`,
  result: type,
  arguments: [type, type],
});
/** An operation without a vector instruction. */
const byLane = (narrow: string): LaneOperation => ({ ...i(''), narrow, wide: null });
const convert = (narrow: string, wide: string, from: LaneType, to: LaneType): LaneOperation => ({
  narrow,
  wide,
  result: to,
  arguments: [from],
});

/** All bits of a float but its sign. */
const MAGNITUDE = `(v128.const i32x4 ${Array.from({ length: 4 }, () => 0x7fffffff).join(' ')})`;

/** The operations that scalar and vector code share; each gives the same bits either way. */
export const LANE_OPERATIONS = {
  add: f('add'),
  sub: f('sub'),
  mul: f('mul'),
  div: f('div'),
  /** NaN where either side is; several instructions on x64. */
  min: f('min'),
  max: f('max'),
  neg: f('neg', 'neg', 1),
  /** By v128.and: V8 compiles f32x4.abs to three instructions. */
  abs: { ...f('abs', 'abs', 1), wide: `(v128.and ${MAGNITUDE}` },
  sqrt: f('sqrt', 'sqrt', 1),
  floor: f('floor', 'floor', 1),
  ceil: f('ceil', 'ceil', 1),
  trunc: f('trunc', 'trunc', 1),
  nearest: f('nearest', 'nearest', 1),
  lt: compareF('lt'),
  le: compareF('le'),
  gt: compareF('gt'),
  ge: compareF('ge'),
  eq: compareF('eq'),
  ne: compareF('ne'),
  iadd: i('add'),
  isub: i('sub'),
  imul: i('mul'),
  idiv: byLane('(call $quotient'),
  irem: byLane('(call $remainder'),
  ishl: byLane('(i32.shl'),
  ishr: byLane('(i32.shr_s'),
  imin: { narrow: '(call $imin', wide: '(i32x4.min_s', result: 'i32', arguments: ['i32', 'i32'] },
  imax: { narrow: '(call $imax', wide: '(i32x4.max_s', result: 'i32', arguments: ['i32', 'i32'] },
  ilt: compareI('lt_s'),
  ile: compareI('le_s'),
  igt: compareI('gt_s'),
  ige: compareI('ge_s'),
  ieq: compareI('eq'),
  ine: compareI('ne'),
  iand: bits('and', 'i32'),
  ior: bits('or', 'i32'),
  ixor: bits('xor', 'i32'),
  mand: bits('and', 'mask'),
  mor: bits('or', 'mask'),
  mxor: bits('xor', 'mask'),
  mnot: convert('(i32.eqz', '(v128.not', 'mask', 'mask'),
  bitsOf: convert('(i32.reinterpret_f32', '', 'f32', 'i32'),
  floatOf: convert('(f32.reinterpret_i32', '', 'i32', 'f32'),
  toFloat: convert('(f32.convert_i32_s', '(f32x4.convert_i32x4_s', 'i32', 'f32'),
  /** Saturates; NaN is 0. */
  toInteger: convert('(i32.trunc_sat_f32_s', '(i32x4.trunc_sat_f32x4_s', 'f32', 'i32'),
} as const satisfies Readonly<Record<Primitive | 'min' | 'max', LaneOperation>>;

export type LaneOperationName = keyof typeof LANE_OPERATIONS;
