import type { BinaryOp, CompareOp, DType, UnaryOp } from '../../../kernels/ir.ts';
import type { CodeNode } from './code-node.ts';
import type { LaneOperationName } from './lane-operations.ts';
import type { Lanes } from './lanes.ts';
import { laneType } from './storage.ts';
import { unsupported } from './unsupported.ts';

/** The IR's operations on lanes. Integers wrap at their width, as in the reference. */
export const arithmetic = Object.freeze({ float, compare, cast, integerUnary, integerBinary });

function float(l: Lanes, op: BinaryOp, a: CodeNode, b: CodeNode): CodeNode {
  switch (op) {
    case 'add':
    case 'sub':
    case 'mul':
      return l.do(op, a, b);
    case 'div':
      return quotient(l, a, b);
    case 'max':
      return isOrdered(b) ? l.atLeast(a, b) : isOrdered(a) ? l.atLeast(b, a) : l.do('max', a, b);
    case 'min':
      return isOrdered(b) ? l.atMost(a, b) : isOrdered(a) ? l.atMost(b, a) : l.do('min', a, b);
    case 'rem':
      return l.mulSub(l.do('trunc', l.do('div', a, b)), b, a);
    default:
      throw unsupported(`${op} of floats`);
  }
}

/** a / b. For a divisor from an outer loop its reciprocal is computed there (at most 1 ULP more error). */
function quotient(l: Lanes, a: CodeNode, b: CodeNode): CodeNode {
  const outer = b.constant === undefined && b.scope.depth < a.scope.depth;
  return outer ? l.do('mul', a, l.do('div', l.f32(1), b)) : l.do('div', a, b);
}

function isOrdered(node: CodeNode): boolean {
  return node.constant !== undefined && !Number.isNaN(node.constant);
}

const MIRROR = { lt: 'ilt', le: 'ile', gt: 'igt', ge: 'ige', eq: 'ieq', ne: 'ine' } as const;

function compare(l: Lanes, op: CompareOp, dtype: DType, a: CodeNode, b: CodeNode): CodeNode {
  const type = typeOf(dtype);
  if (type === 'f32') return l.do(op, a, b);
  if (type === 'i32') return l.do(MIRROR[op], a, b);
  if (op === 'ne') return l.do('mxor', a, b);
  if (op === 'eq') return l.do('mnot', l.do('mxor', a, b));
  throw unsupported(`${op} of bool`);
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

function integerUnary(l: Lanes, op: UnaryOp, dtype: DType, x: CodeNode): CodeNode {
  if (dtype === 'bool' && op === 'not') return l.do('mnot', x);
  if (typeOf(dtype) === 'i32') {
    const negative = l.do('isub', l.i32(0), x);
    if (op === 'neg') return wrap(l, dtype, negative);
    if (op === 'abs') return wrap(l, dtype, l.select(l.do('ilt', x, l.i32(0)), negative, x));
    if (op === 'not') return wrap(l, dtype, l.do('ixor', x, l.i32(-1)));
  }
  throw unsupported(`${op} of ${dtype}`);
}

const INTEGER: Readonly<Partial<Record<BinaryOp, LaneOperationName>>> = {
  add: 'iadd',
  sub: 'isub',
  mul: 'imul',
  max: 'imax',
  min: 'imin',
  and: 'iand',
  or: 'ior',
  xor: 'ixor',
};
const BOOLEAN: Readonly<Partial<Record<BinaryOp, LaneOperationName>>> = {
  and: 'mand',
  or: 'mor',
  xor: 'mxor',
};
/** Operations without a vector instruction: computed lane by lane; x / 0 is 0 as in the reference. */
const BY_LANE: Readonly<Partial<Record<BinaryOp, string>>> = {
  div: 'call $quotient',
  rem: 'call $remainder',
  shl: 'i32.shl',
  shr: 'i32.shr_s',
};

function integerBinary(l: Lanes, op: BinaryOp, dtype: DType, a: CodeNode, b: CodeNode): CodeNode {
  const vector = (typeOf(dtype) === 'mask' ? BOOLEAN : INTEGER)[op];
  if (vector !== undefined) return wrap(l, dtype, l.do(vector, a, b));
  const scalar = BY_LANE[op];
  if (scalar === undefined || dtype === 'bool') throw unsupported(`${op} of ${dtype}`);
  return wrap(l, dtype, byLane(l, scalar, a, b));
}

function byLane(l: Lanes, instruction: string, a: CodeNode, b: CodeNode): CodeNode {
  const narrow = (x: CodeNode, y: CodeNode): CodeNode =>
    l.graph.pure(instruction, {
      type: 'i32',
      wide: false,
      args: [x, y],
      render: (texts) => `(${instruction} ${texts.join(' ')})`,
    });
  if (!a.wide && !b.wide) return narrow(a, b);
  return l.gather([0, 1, 2, 3].map((lane) => narrow(l.extract(a, lane), l.extract(b, lane))));
}

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
