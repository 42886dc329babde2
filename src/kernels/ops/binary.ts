import type { BinaryMeaning, BinaryOpEntry } from './_op.ts';
import { power } from './exponential.ts';
import type { Primitive } from './primitives.ts';

type Value = BinaryMeaning['value'];

/** A meaning of one primitive. */
const by = (primitive: Primitive, value: Value): BinaryMeaning => ({
  value,
  steps: (m, x, y) => m.do(primitive, x, y),
});

/** A bit operation on 32 bits where both sides fit, on 64 otherwise. */
const bitwise =
  (small: Value, large: (x: bigint, y: bigint) => bigint): Value =>
  (x, y) =>
    (x | 0) === x && (y | 0) === y
      ? small(x, y)
      : Number(BigInt.asIntN(64, large(BigInt(Math.trunc(x)), BigInt(Math.trunc(y)))));

const sum: Value = (x, y) => x + y;
const difference: Value = (x, y) => x - y;
const product: Value = (x, y) => x * y;
const and = bitwise(
  (x, y) => x & y,
  (x, y) => x & y,
);
const or = bitwise(
  (x, y) => x | y,
  (x, y) => x | y,
);
const xor = bitwise(
  (x, y) => x ^ y,
  (x, y) => x ^ y,
);

const ALL = {
  add: {
    class: 'add',
    infix: { sign: '+', binding: 7 },
    float: by('add', sum),
    integer: by('iadd', sum),
  },
  sub: {
    class: 'add',
    infix: { sign: '-', binding: 7 },
    float: by('sub', difference),
    integer: by('isub', difference),
  },
  mul: {
    class: 'mul',
    infix: { sign: '*', binding: 8 },
    float: by('mul', product),
    integer: by('imul', product),
  },
  div: {
    class: 'div',
    infix: { sign: '/', binding: 8 },
    float: { value: (x, y) => x / y, steps: (m, x, y) => m.quotient(x, y) },
    integer: by('idiv', (x, y) => (y === 0 ? 0 : (x - (x % y)) / y)),
  },
  rem: {
    class: 'div',
    infix: { sign: '%', binding: 8 },
    float: {
      value: (x, y) => x % y,
      steps: (m, x, y) => m.mulSub(m.do('trunc', m.do('div', x, y)), y, x),
    },
    integer: by('irem', (x, y) => (y === 0 ? 0 : (x % y) + 0)),
  },
  pow: {
    class: 'pow',
    isForPositive: true,
    float: { value: (x, y) => x ** y, steps: power },
  },
  max: {
    class: 'minmax',
    float: { value: Math.max, steps: (m, x, y) => m.larger(x, y) },
    integer: by('imax', Math.max),
  },
  min: {
    class: 'minmax',
    float: { value: Math.min, steps: (m, x, y) => m.smaller(x, y) },
    integer: by('imin', Math.min),
  },
  and: {
    class: 'logic',
    infix: { sign: '&', binding: 3 },
    integer: by('iand', and),
    truth: by('mand', and),
  },
  or: {
    class: 'logic',
    infix: { sign: '|', binding: 1 },
    integer: by('ior', or),
    truth: by('mor', or),
  },
  xor: {
    class: 'logic',
    infix: { sign: '^', binding: 2 },
    integer: by('ixor', xor),
    truth: by('mxor', xor),
  },
  shl: {
    class: 'logic',
    infix: { sign: '<<', binding: 6 },
    integer: by('ishl', (x, y) => x * 2 ** y),
  },
  shr: {
    class: 'logic',
    infix: { sign: '>>', binding: 6 },
    integer: by('ishr', (x, y) => Math.floor(x / 2 ** y)),
  },
} as const satisfies Readonly<Record<string, BinaryOpEntry>>;

export type BinaryOp = keyof typeof ALL;

/**
 * The ops with two operands of one dtype, which they keep. Integers wrap at the dtype's width, and 'div' and
 * 'rem' of them truncate towards zero, as arith.divsi and arith.remsi do. 'shr' keeps the sign, and shifts
 * take their places modulo 32 (i64: 64). 'and', 'or', 'xor' of bool are logical.
 */
export const BINARY_OPS: Readonly<Record<BinaryOp, BinaryOpEntry>> = Object.freeze(ALL);
