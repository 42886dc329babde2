import type { BinaryOp, CompareOp, DType, UnaryOp } from '../../kernels/ir.ts';
import { BINARY_OPS } from '../../kernels/ops/binary.ts';
import { COMPARE_OPS } from '../../kernels/ops/compare.ts';
import { meaningOn } from '../../kernels/ops/meaning.ts';
import type { Primitives } from '../../kernels/ops/primitives.ts';
import { UNARY_OPS } from '../../kernels/ops/unary.ts';
import { laneType } from './lane-type.ts';
import { unsupported } from './unsupported.ts';

/** The IR's operations on lanes. Integers wrap at their width, as in the reference. */
export const arithmetic = Object.freeze({ constant, unary, binary, compare, cast, rounded });

function constant<V>(m: Primitives<V>, value: number, dtype: DType): V {
  const type = typeOf(dtype);
  if (type === 'mask') return m.mask(value !== 0);
  if (type === 'i32') return m.i32(value);
  return rounded(m, dtype, m.f32(value));
}

/** A float as its dtype has it, where that is computed with. */
function rounded<V>(m: Primitives<V>, dtype: DType, x: V): V {
  return dtype === 'f16' ? (m.rounded?.(x) ?? x) : x;
}

function unary<V>(m: Primitives<V>, op: UnaryOp, dtype: DType, x: V): V {
  const value = meaningOf(op, UNARY_OPS[op], dtype).steps(m, x);
  return UNARY_OPS[op].result === undefined ? wrap(m, dtype, value) : value;
}

function binary<V>(m: Primitives<V>, op: BinaryOp, dtype: DType, a: V, b: V): V {
  return wrap(m, dtype, meaningOf(op, BINARY_OPS[op], dtype).steps(m, a, b));
}

function compare<V>(m: Primitives<V>, op: CompareOp, dtype: DType, a: V, b: V): V {
  return meaningOf(op, COMPARE_OPS[op], dtype)(m, a, b);
}

/** Throws InputError for an op that has no meaning on the dtype, or a dtype that lanes do not hold. */
function meaningOf<Meaning>(
  op: string,
  entry: Parameters<typeof meaningOn<Meaning>>[0],
  dtype: DType,
): Meaning {
  typeOf(dtype);
  const meaning = meaningOn(entry, dtype);
  if (meaning === undefined) throw unsupported(`${op} of ${dtype}`);
  return meaning;
}

/** Least and greatest value of the integers that are narrower than a lane. */
export const NARROW_RANGE: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
};

/** Float to integer truncates and saturates; integers wrap; a float keeps its value. */
function cast<V>(m: Primitives<V>, from: DType, to: DType, x: V): V {
  const [source, goal] = [typeOf(from), typeOf(to)];
  if (goal === 'mask') return toMask(m, source, x);
  if (source === 'mask') return m.select(x, one(m, goal), zero(m, goal));
  if (goal === 'f32') return source === 'f32' ? x : m.do('toFloat', x);
  if (source === 'i32') return wrap(m, to, x);
  const whole = m.do('toInteger', x);
  const range = NARROW_RANGE[to];
  return range === undefined ? whole : m.do('imin', m.do('imax', whole, m.i32(range[0])), m.i32(range[1]));
}

function toMask<V>(m: Primitives<V>, source: ReturnType<typeof typeOf>, x: V): V {
  if (source === 'mask') return x;
  return source === 'f32' ? m.do('ne', x, m.f32(0)) : m.do('ine', x, m.i32(0));
}

const one = <V>(m: Primitives<V>, type: 'f32' | 'i32'): V => (type === 'f32' ? m.f32(1) : m.i32(1));
const zero = <V>(m: Primitives<V>, type: 'f32' | 'i32'): V => (type === 'f32' ? m.f32(0) : m.i32(0));

/** Wraps at the dtype's width. i64 has 32 bits here: it holds indices into a 32-bit memory. */
function wrap<V>(m: Primitives<V>, dtype: DType, x: V): V {
  if (dtype === 'u8') return m.do('iand', x, m.i32(0xff));
  const places = dtype === 'i8' ? 24 : dtype === 'i16' ? 16 : 0;
  return places === 0 ? x : m.shift('shr_s', m.shift('shl', x, places), places);
}

function typeOf(dtype: DType): 'f32' | 'i32' | 'mask' {
  const type = laneType(dtype);
  if (type === undefined) throw unsupported(`${dtype} arithmetic`);
  return type;
}
