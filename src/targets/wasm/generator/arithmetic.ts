import type { BinaryOp, CompareOp, DType, UnaryOp } from '../../../kernels/ir.ts';
import { BINARY_OPS } from '../../../kernels/ops/binary.ts';
import { COMPARE_OPS } from '../../../kernels/ops/compare.ts';
import { meaningOn } from '../../../kernels/ops/meaning.ts';
import { UNARY_OPS } from '../../../kernels/ops/unary.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';
import { laneType } from './storage.ts';
import { unsupported } from './unsupported.ts';

/** The IR's operations on lanes. Integers wrap at their width, as in the reference. */
export const arithmetic = Object.freeze({ unary, binary, compare, cast });

function unary(l: Lanes, op: UnaryOp, dtype: DType, x: CodeNode): CodeNode {
  const value = meaningOf(op, UNARY_OPS[op], dtype).steps(l, x);
  return UNARY_OPS[op].result === undefined ? wrap(l, dtype, value) : value;
}

function binary(l: Lanes, op: BinaryOp, dtype: DType, a: CodeNode, b: CodeNode): CodeNode {
  return wrap(l, dtype, meaningOf(op, BINARY_OPS[op], dtype).steps(l, a, b));
}

function compare(l: Lanes, op: CompareOp, dtype: DType, a: CodeNode, b: CodeNode): CodeNode {
  return meaningOf(op, COMPARE_OPS[op], dtype)(l, a, b);
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
function cast(l: Lanes, from: DType, to: DType, x: CodeNode): CodeNode {
  const [source, goal] = [typeOf(from), typeOf(to)];
  if (goal === 'mask') return toMask(l, source, x);
  if (source === 'mask') return l.select(x, one(l, goal), zero(l, goal));
  if (goal === 'f32') return source === 'f32' ? x : l.do('toFloat', x);
  if (source === 'i32') return wrap(l, to, x);
  const whole = l.do('toInteger', x);
  const range = NARROW_RANGE[to];
  return range === undefined ? whole : l.do('imin', l.do('imax', whole, l.i32(range[0])), l.i32(range[1]));
}

function toMask(l: Lanes, source: ReturnType<typeof typeOf>, x: CodeNode): CodeNode {
  if (source === 'mask') return x;
  return source === 'f32' ? l.do('ne', x, l.f32(0)) : l.do('ine', x, l.i32(0));
}

const one = (l: Lanes, type: 'f32' | 'i32'): CodeNode => (type === 'f32' ? l.f32(1) : l.i32(1));
const zero = (l: Lanes, type: 'f32' | 'i32'): CodeNode => (type === 'f32' ? l.f32(0) : l.i32(0));

/** Wraps at the dtype's width. i64 has 32 bits here: it holds indices into a 32-bit memory. */
function wrap(l: Lanes, dtype: DType, x: CodeNode): CodeNode {
  if (dtype === 'u8') return l.do('iand', x, l.i32(0xff));
  const places = dtype === 'i8' ? 24 : dtype === 'i16' ? 16 : 0;
  return places === 0 ? x : l.shift('shr_s', l.shift('shl', x, places), places);
}

function typeOf(dtype: DType): 'f32' | 'i32' | 'mask' {
  const type = laneType(dtype);
  if (type === undefined) throw unsupported(`${dtype} arithmetic`);
  return type;
}
