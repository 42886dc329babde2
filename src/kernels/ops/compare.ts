import type { BinaryMeaning, CompareOpEntry } from './_op.ts';
import type { Primitive } from './primitives.ts';

const by =
  (primitive: Primitive): BinaryMeaning['steps'] =>
  (m, x, y) =>
    m.do(primitive, x, y);

const EQUALITY = 4;
const ORDER = 5;

const ALL = {
  lt: {
    infix: { sign: '<', binding: ORDER },
    holds: (x, y) => x < y,
    float: by('lt'),
    integer: by('ilt'),
  },
  le: {
    infix: { sign: '<=', binding: ORDER },
    holds: (x, y) => x <= y,
    float: by('le'),
    integer: by('ile'),
  },
  gt: {
    infix: { sign: '>', binding: ORDER },
    holds: (x, y) => x > y,
    float: by('gt'),
    integer: by('igt'),
  },
  ge: {
    infix: { sign: '>=', binding: ORDER },
    holds: (x, y) => x >= y,
    float: by('ge'),
    integer: by('ige'),
  },
  eq: {
    infix: { sign: '==', binding: EQUALITY },
    holds: (x, y) => x === y,
    float: by('eq'),
    integer: by('ieq'),
    truth: (m, x, y) => m.do('mnot', m.do('mxor', x, y)),
  },
  ne: {
    infix: { sign: '!=', binding: EQUALITY },
    holds: (x, y) => x !== y,
    float: by('ne'),
    integer: by('ine'),
    truth: by('mxor'),
  },
} as const satisfies Readonly<Record<string, CompareOpEntry>>;

export type CompareOp = keyof typeof ALL;

/** The comparisons of two operands of one dtype; the result is a bool. */
export const COMPARE_OPS: Readonly<Record<CompareOp, CompareOpEntry>> = Object.freeze(ALL);
