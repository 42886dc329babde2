import type { UnaryOps } from './_op.ts';
import { polynomial } from './polynomial.ts';
import type { Primitives } from './primitives.ts';

/*
 * Elementary functions as polynomials, without branches. Errors are the largest against float64 over 2^18
 * arguments, in units in the last place of f32 (ULP), where each primitive rounds once, as functions.test.ts of
 * the WASM generator checks. exp, log and tanh follow Cephes 2.8 (S. L. Moshier, expf.c, logf.c, tanhf.c).
 */

/**
 * 1.5 · 2^23 + 127: adding it rounds a float to a whole number in its low bits, biased as an exponent is.
 */
const MAGIC = 12583039;
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444e-4;

/**
 * e^x: within 1.2 ULP from −87.3 to 88.3; 0 below −87.7, infinite above 88.4 (the exact bound is 88.72),
 * because the power of two is built from the exponent's bits. An argument that is known to be at most 0
 * needs no upper bound.
 */
export function exp<V>(m: Primitives<V>, given: V, atMostZero = false): V {
  const bounded = m.atLeast(given, m.f32(-88));
  const x = atMostZero ? bounded : m.atMost(bounded, m.f32(89));
  const shifted = m.mulAdd(x, m.f32(Math.LOG2E), m.f32(MAGIC));
  const whole = m.do('sub', shifted, m.f32(MAGIC));
  const rest = m.mulSub(whole, m.f32(LN2_LOW), m.mulSub(whole, m.f32(LN2_HIGH), x));
  return m.do('mul', expOfRest(m, rest), powerOfTwo(m, shifted));
}

/** 2^x: within 1.2 ULP from −126 to 127.4. */
function exp2<V>(m: Primitives<V>, given: V): V {
  const x = m.atMost(m.atLeast(given, m.f32(-127)), m.f32(128.4));
  const shifted = m.do('add', x, m.f32(MAGIC));
  const rest = m.do('sub', x, m.do('sub', shifted, m.f32(MAGIC)));
  return m.do('mul', expOfRest(m, m.do('mul', rest, m.f32(Math.LN2))), powerOfTwo(m, shifted));
}

/** e^r for |r| ≤ ½ ln 2: the minimax polynomial of degree 6 that begins with 1 + r (3e-9 relative). */
function expOfRest<V>(m: Primitives<V>, rest: V): V {
  return polynomial(m, rest, [1.3814566e-3, 8.368732e-3, 4.1668389e-2, 0.16666521, 0.49999994, 1, 1]);
}

/** 2^n where n stands in the low bits of n + MAGIC. */
function powerOfTwo<V>(m: Primitives<V>, shifted: V): V {
  return m.do('floatOf', m.shift('shl', m.do('bitsOf', shifted), 23));
}

/** ln x: within 1 ULP away from 1, within 1e-7 absolute near it; −∞ at 0, NaN below. Denormals count as 0. */
function log<V>(m: Primitives<V>, x: V): V {
  const { mantissa, exponent } = splitFloat(m, x);
  const high = m.mulAdd(
    exponent,
    m.f32(LN2_HIGH),
    m.mulAdd(exponent, m.f32(LN2_LOW), logOfMantissa(m, mantissa)),
  );
  return logEdges(m, x, high);
}

/** log2 x, with the errors of `log`. */
function log2<V>(m: Primitives<V>, x: V): V {
  const { mantissa, exponent } = splitFloat(m, x);
  return logEdges(m, x, m.mulAdd(logOfMantissa(m, mantissa), m.f32(Math.LOG2E), exponent));
}

/** x = (1 + mantissa) · 2^exponent, mantissa from √½ − 1 to √2 − 1. */
function splitFloat<V>(m: Primitives<V>, x: V): { mantissa: V; exponent: V } {
  const offset = m.do('isub', m.do('bitsOf', x), m.i32(0x3f3504f3));
  const exponent = m.do('toFloat', m.shift('shr_s', offset, 23));
  const bits = m.do('iadd', m.do('iand', offset, m.i32(0x007fffff)), m.i32(0x3f3504f3));
  return { mantissa: m.do('sub', m.do('floatOf', bits), m.f32(1)), exponent };
}

function logOfMantissa<V>(m: Primitives<V>, x: V): V {
  const square = m.do('mul', x, x);
  const sum = polynomial(
    m,
    x,
    [
      7.0376836e-2, -0.1151461, 0.11676998, -0.12420141, 0.14249323, -0.16668057, 0.20000714, -0.24999994,
      0.3333333,
    ],
  );
  const tail = m.mulSub(m.f32(0.5), square, m.do('mul', m.do('mul', sum, x), square));
  return m.do('add', x, tail);
}

function logEdges<V>(m: Primitives<V>, x: V, value: V): V {
  const least = m.f32(1.1754943508222875e-38);
  const infinite = m.do('eq', x, m.f32(Number.POSITIVE_INFINITY));
  const small = m.select(m.do('lt', x, m.f32(0)), m.f32(Number.NaN), m.f32(Number.NEGATIVE_INFINITY));
  const usual = m.select(m.do('lt', x, least), small, m.select(infinite, x, value));
  return m.select(m.do('ne', x, x), x, usual);
}

/** tanh x within 2 ULP: an odd polynomial for |x| < 0.625, 1 − 2 / (exp(2x) + 1) above. */
function tanh<V>(m: Primitives<V>, x: V): V {
  const size = m.do('abs', x);
  const power = exp(m, m.do('add', size, size));
  const far = m.do('sub', m.f32(1), m.do('div', m.f32(2), m.do('add', power, m.f32(1))));
  const square = m.do('mul', x, x);
  const odd = polynomial(m, square, [-5.704988e-3, 2.0639088e-2, -5.3739765e-2, 0.13331449, -0.33333284]);
  const near = m.mulAdd(m.do('mul', odd, square), x, x);
  const sign = m.do('iand', m.do('bitsOf', x), m.i32(-0x80000000));
  const signed = m.do('floatOf', m.do('ior', m.do('bitsOf', far), sign));
  return m.select(m.do('ge', size, m.f32(0.625)), signed, near);
}

/** The denominator 1 + exp(−2x) of 1 + tanh x = 2 / (1 + exp(−2x)), which has no cancellation. */
export function onePlusTanhUnder2<V>(m: Primitives<V>, x: V): V {
  return m.do('add', exp(m, m.do('mul', x, m.f32(-2))), m.f32(1));
}

/** x^y for x ≥ 0 as 2^(y · log2 x): relative error grows with |y · log2 x|, about 1e-7 times it. */
export function power<V>(m: Primitives<V>, x: V, y: V): V {
  return exp2(m, m.do('mul', y, log2(m, x)));
}

/** Powers, logarithms, and what is made of them. */
export const EXPONENTIAL = {
  exp: { class: 'exp', float: { value: Math.exp, steps: (m, x) => exp(m, x) } },
  exp2: { class: 'exp', float: { value: (x) => 2 ** x, steps: exp2 } },
  log: { class: 'log', isForPositive: true, float: { value: Math.log, steps: log } },
  log2: { class: 'log', isForPositive: true, float: { value: Math.log2, steps: log2 } },
  tanh: { class: 'tanh', float: { value: Math.tanh, steps: tanh } },
} as const satisfies UnaryOps;
