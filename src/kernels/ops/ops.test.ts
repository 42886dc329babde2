import { describe, expect, it } from 'vitest';
import { BINARY_OPS } from './binary.ts';
import { COMPARE_OPS } from './compare.ts';
import type { Primitive, Primitives } from './primitives.ts';
import { recordSteps } from './record-steps.ts';
import { UNARY_OPS } from './unary.ts';

const f = Math.fround;
const bits = new DataView(new ArrayBuffer(4));
const bitsOf = (x: number): number => {
  bits.setFloat32(0, x);
  return bits.getInt32(0);
};
const floatOf = (x: number): number => {
  bits.setInt32(0, x);
  return bits.getFloat32(0);
};
const nearest = (x: number): number => {
  const below = Math.floor(x);
  return x - below === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(x);
};

/** Each primitive on one number, rounded to f32 as hardware does. */
const PLAIN: Readonly<Record<Primitive, (x: number, y: number) => number>> = {
  add: (x, y) => f(x + y),
  sub: (x, y) => f(x - y),
  mul: (x, y) => f(x * y),
  div: (x, y) => f(x / y),
  neg: (x) => -x,
  abs: Math.abs,
  sqrt: (x) => f(Math.sqrt(x)),
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  nearest,
  lt: (x, y) => Number(x < y),
  le: (x, y) => Number(x <= y),
  gt: (x, y) => Number(x > y),
  ge: (x, y) => Number(x >= y),
  eq: (x, y) => Number(x === y),
  ne: (x, y) => Number(x !== y),
  iadd: (x, y) => (x + y) | 0,
  isub: (x, y) => (x - y) | 0,
  imul: Math.imul,
  idiv: (x, y) => (y === 0 ? 0 : Math.trunc(x / y)),
  irem: (x, y) => (y === 0 ? 0 : x % y),
  imin: Math.min,
  imax: Math.max,
  iand: (x, y) => x & y,
  ior: (x, y) => x | y,
  ixor: (x, y) => x ^ y,
  ishl: (x, y) => x << y,
  ishr: (x, y) => x >> y,
  ilt: (x, y) => Number(x < y),
  ile: (x, y) => Number(x <= y),
  igt: (x, y) => Number(x > y),
  ige: (x, y) => Number(x >= y),
  ieq: (x, y) => Number(x === y),
  ine: (x, y) => Number(x !== y),
  mand: (x, y) => x & y,
  mor: (x, y) => x | y,
  mxor: (x, y) => x ^ y,
  mnot: (x) => 1 - x,
  bitsOf,
  floatOf,
  toFloat: f,
  toInteger: (x) => Math.trunc(x) | 0,
};

const SHIFT: Readonly<Record<string, (x: number, places: number) => number>> = {
  shl: (x, places) => x << places,
  shr_s: (x, places) => x >> places,
  shr_u: (x, places) => x >>> places,
};

/** A third implementation of the primitives, beside the printer's and the counter's: it computes. */
const calculator: Primitives<number> = {
  f32: f,
  i32: (value) => value | 0,
  mask: Number,
  do: (name, x, y) => PLAIN[name](x, y),
  mulAdd: (a, b, c) => f(f(a * b) + c),
  mulSub: (a, b, c) => f(c - f(a * b)),
  quotient: (a, b) => f(a / b),
  rsqrt: (x) => f(1 / f(Math.sqrt(x))),
  larger: Math.max,
  smaller: Math.min,
  atLeast: Math.max,
  atMost: Math.min,
  positivePart: (x) => Math.max(x, 0),
  shift: (op, x, places) => SHIFT[op](x, places),
  select: (condition, then, otherwise) => (condition !== 0 ? then : otherwise),
};

// Exact quotients: where x / y is nearly whole, a remainder rounded to f32 may differ by y.
const FLOATS = [-3.5, -2.25, -1, -0.5, -0.125, 0.125, 0.5, 0.75, 1, 1.5, 2.25, 3.5, 7];
const INTEGERS = [-100, -7, -1, 0, 1, 2, 3, 7, 100];
const TRUTHS = [0, 1];

/** Within a few units in the last place of f32. */
const close = (got: number, want: number): void => {
  if (Number.isNaN(want)) expect(got).toBeNaN();
  else expect(Math.abs(got - want)).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(want)));
};

describe('the steps of an op compute its reference', () => {
  it.each(Object.entries(UNARY_OPS))('%s', (_, { float, integer, truth, isForPositive }) => {
    for (const x of FLOATS.filter((value) => value > 0 || !isForPositive)) {
      if (float !== undefined) close(float.steps(calculator, x), float.value(x));
    }
    for (const x of INTEGERS)
      if (integer !== undefined) expect(integer.steps(calculator, x)).toBe(integer.value(x) + 0);
    for (const x of TRUTHS) if (truth !== undefined) expect(truth.steps(calculator, x)).toBe(truth.value(x));
    expect(float ?? integer ?? truth).toBeDefined();
  });

  it.each(Object.entries(BINARY_OPS))('%s', (op, { float, integer, truth, isForPositive }) => {
    for (const x of FLOATS.filter((value) => value > 0 || !isForPositive)) {
      for (const y of FLOATS)
        if (float !== undefined) close(float.steps(calculator, x, y), float.value(x, y));
    }
    for (const x of INTEGERS) {
      const others = op === 'shl' || op === 'shr' ? [0, 1, 5] : INTEGERS;
      for (const y of others) {
        if (integer !== undefined) expect(integer.steps(calculator, x, y) + 0).toBe(integer.value(x, y) + 0);
      }
    }
    for (const x of TRUTHS) {
      for (const y of TRUTHS)
        if (truth !== undefined) expect(truth.steps(calculator, x, y)).toBe(truth.value(x, y));
    }
  });

  it.each(Object.entries(COMPARE_OPS))('%s', (_, { holds, float, integer, truth }) => {
    for (const x of INTEGERS) {
      for (const y of INTEGERS) {
        expect(float(calculator, x, y)).toBe(Number(holds(x, y)));
        expect(integer(calculator, x, y)).toBe(Number(holds(x, y)));
      }
    }
    for (const x of TRUTHS) {
      for (const y of TRUTHS)
        if (truth !== undefined) expect(truth(calculator, x, y)).toBe(Number(holds(x, y)));
    }
  });
});

describe('recorded steps', () => {
  it('come after their inputs, equal ones once', () => {
    const steps = recordSteps((m, x) => m.do('add', m.do('mul', x, x), m.do('mul', x, x)), 1);
    expect(steps).toEqual([
      { name: 'mul', inputs: [] },
      { name: 'add', inputs: [0, 0] },
    ]);
  });

  it('tell constants apart', () => {
    const steps = recordSteps((m, x) => m.do('add', m.do('mul', x, m.f32(2)), m.do('mul', x, m.f32(3))), 1);
    expect(steps.map(({ name }) => name)).toEqual(['mul', 'mul', 'add']);
  });
});
