import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';

/**
 * Elementary functions as polynomials on lanes, without branches. Errors are the largest against float64
 * over 2^18 arguments, in units in the last place of f32 (ULP), as functions.test.ts checks.
 *
 * exp, log, sin, cos and tanh follow Cephes 2.8 (S. L. Moshier, expf.c, logf.c, sinf.c, tanhf.c).
 */

/**
 * 1.5 · 2^23 + 127: adding it rounds a float to a whole number in its low bits, biased as an exponent is.
 */
const MAGIC = 12583039;
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.1219444e-4;

/** Horner's rule, the highest coefficient first. */
function polynomial(l: Lanes, x: CodeNode, coefficients: readonly number[]): CodeNode {
  const [first, second, ...rest] = coefficients;
  const start = first === 1 ? l.do('add', x, l.f32(second)) : l.mulAdd(l.f32(first), x, l.f32(second));
  return rest.reduce((sum, coefficient) => l.mulAdd(sum, x, l.f32(coefficient)), start);
}

/**
 * e^x: within 1.2 ULP from −87.3 to 88.3; 0 below −87.7, infinite above 88.4 (the exact bound is 88.72),
 * because the power of two is built from the exponent's bits. An argument that is known to be at most 0
 * needs no upper bound.
 */
export function exp(l: Lanes, given: CodeNode, atMostZero = false): CodeNode {
  const bounded = l.atLeast(given, l.f32(-88));
  const x = atMostZero ? bounded : l.atMost(bounded, l.f32(89));
  const shifted = l.mulAdd(x, l.f32(Math.LOG2E), l.f32(MAGIC));
  const whole = l.do('sub', shifted, l.f32(MAGIC));
  const rest = l.mulSub(whole, l.f32(LN2_LOW), l.mulSub(whole, l.f32(LN2_HIGH), x));
  return l.do('mul', expOfRest(l, rest), powerOfTwo(l, shifted));
}

/** 2^x: within 1.2 ULP from −126 to 127.4. */
export function exp2(l: Lanes, given: CodeNode): CodeNode {
  const x = l.atMost(l.atLeast(given, l.f32(-127)), l.f32(128.4));
  const shifted = l.do('add', x, l.f32(MAGIC));
  const rest = l.do('sub', x, l.do('sub', shifted, l.f32(MAGIC)));
  return l.do('mul', expOfRest(l, l.do('mul', rest, l.f32(Math.LN2))), powerOfTwo(l, shifted));
}

/** e^r for |r| ≤ ½ ln 2: the minimax polynomial of degree 6 that begins with 1 + r (3e-9 relative). */
function expOfRest(l: Lanes, rest: CodeNode): CodeNode {
  return polynomial(l, rest, [1.3814566e-3, 8.368732e-3, 4.1668389e-2, 0.16666521, 0.49999994, 1, 1]);
}

/** 2^n where n stands in the low bits of n + MAGIC. */
function powerOfTwo(l: Lanes, shifted: CodeNode): CodeNode {
  return l.do('floatOf', l.shift('shl', l.do('bitsOf', shifted), 23));
}

/** ln x: within 1 ULP away from 1, within 1e-7 absolute near it; −∞ at 0, NaN below. Denormals count as 0. */
export function log(l: Lanes, x: CodeNode): CodeNode {
  const { mantissa, exponent } = splitFloat(l, x);
  const high = l.mulAdd(
    exponent,
    l.f32(LN2_HIGH),
    l.mulAdd(exponent, l.f32(LN2_LOW), logOfMantissa(l, mantissa)),
  );
  return logEdges(l, x, high);
}

/** log2 x, with the errors of `log`. */
export function log2(l: Lanes, x: CodeNode): CodeNode {
  const { mantissa, exponent } = splitFloat(l, x);
  return logEdges(l, x, l.mulAdd(logOfMantissa(l, mantissa), l.f32(Math.LOG2E), exponent));
}

/** x = (1 + mantissa) · 2^exponent, mantissa from √½ − 1 to √2 − 1. */
function splitFloat(l: Lanes, x: CodeNode): { mantissa: CodeNode; exponent: CodeNode } {
  const offset = l.do('isub', l.do('bitsOf', x), l.i32(0x3f3504f3));
  const exponent = l.do('toFloat', l.shift('shr_s', offset, 23));
  const bits = l.do('iadd', l.do('iand', offset, l.i32(0x007fffff)), l.i32(0x3f3504f3));
  return { mantissa: l.do('sub', l.do('floatOf', bits), l.f32(1)), exponent };
}

function logOfMantissa(l: Lanes, m: CodeNode): CodeNode {
  const square = l.do('mul', m, m);
  const sum = polynomial(
    l,
    m,
    [
      7.0376836e-2, -0.1151461, 0.11676998, -0.12420141, 0.14249323, -0.16668057, 0.20000714, -0.24999994,
      0.3333333,
    ],
  );
  const tail = l.mulSub(l.f32(0.5), square, l.do('mul', l.do('mul', sum, m), square));
  return l.do('add', m, tail);
}

function logEdges(l: Lanes, x: CodeNode, value: CodeNode): CodeNode {
  const least = l.f32(1.1754943508222875e-38);
  const infinite = l.do('eq', x, l.f32(Number.POSITIVE_INFINITY));
  const small = l.select(l.do('lt', x, l.f32(0)), l.f32(Number.NaN), l.f32(Number.NEGATIVE_INFINITY));
  const usual = l.select(l.do('lt', x, least), small, l.select(infinite, x, value));
  return l.select(l.do('ne', x, x), x, usual);
}

/** tanh x within 2 ULP: an odd polynomial for |x| < 0.625, 1 − 2 / (exp(2x) + 1) above. */
export function tanh(l: Lanes, x: CodeNode): CodeNode {
  const size = l.do('abs', x);
  const power = exp(l, l.do('add', size, size));
  const far = l.do('sub', l.f32(1), l.do('div', l.f32(2), l.do('add', power, l.f32(1))));
  const square = l.do('mul', x, x);
  const odd = polynomial(l, square, [-5.704988e-3, 2.0639088e-2, -5.3739765e-2, 0.13331449, -0.33333284]);
  const near = l.mulAdd(l.do('mul', odd, square), x, x);
  const sign = l.do('iand', l.do('bitsOf', x), l.i32(-0x80000000));
  const signed = l.do('floatOf', l.do('ior', l.do('bitsOf', far), sign));
  return l.select(l.do('ge', size, l.f32(0.625)), signed, near);
}

/** The denominator 1 + exp(−2x) of 1 + tanh x = 2 / (1 + exp(−2x)), which has no cancellation. */
export function onePlusTanhUnder2(l: Lanes, x: CodeNode): CodeNode {
  return l.do('add', exp(l, l.do('mul', x, l.f32(-2))), l.f32(1));
}

/** From here on erf differs from 1 by less than 2.4e-7. */
const ERF_END = 3.65;

/**
 * erf(scale · x) within 6e-7 absolute (1.2e-7 by the approximation, the rest by f32's rounding): a
 * rational minimax approximation on ±3.65, odd degree 9 over even degree 10, fitted by Lawson's
 * algorithm. The scale is multiplied into the coefficients. The sign is removed and restored as a bit:
 * processors have more ports free for that than for a second bound.
 */
export function erf(l: Lanes, x: CodeNode, scale = 1): CodeNode {
  const sign = l.do('iand', l.do('bitsOf', x), l.i32(-0x80000000));
  const size = l.atMost(
    l.do('floatOf', l.do('ixor', l.do('bitsOf', x), sign)),
    l.f32(ERF_END / Math.abs(scale)),
  );
  const square = l.do('mul', size, size);
  const scaled = (first: number, coefficients: readonly number[]) =>
    coefficients.map((coefficient, n) => coefficient * scale ** (first - 2 * n));
  const above = polynomial(l, square, scaled(-1, [16.214905, 432.39136, 4029.1751, 17779.37, 75179.72]));
  const below = polynomial(l, square, scaled(0, [1, 109.33845, 1358.0989, 9564.825, 37964.94, 66626.31]));
  const signed = l.do('floatOf', l.do('ior', l.do('bitsOf', size), sign));
  return l.do('div', l.do('mul', signed, above), below);
}

/** From here on erfc is at most 1e-7; beyond it, the eighth power below would rise again. */
const ERFC_END = 3.9;

/**
 * ½ · x · (1 + erf(scale · x)) within 6e-7 · max(1, |result|), for a scale above 0. It is
 * max(x, 0) − ½ · |x| · erfc(scale · |x|), and erfc is the eighth power of a minimax polynomial of
 * degree 7 (1.7e-7 absolute, fitted by Lawson's algorithm): no division, and no cancellation as in
 * 1 + erf. The scale and the ½ are multiplied into the coefficients.
 */
export function halfOnePlusErfTimes(l: Lanes, x: CodeNode, scale: number): CodeNode {
  const size = l.do('abs', x);
  const inside = l.atMost(size, l.f32(ERFC_END / scale));
  const root = [
    4.8193256e-5, -3.7734829e-4, -4.0407013e-5, 6.792112e-3, -2.1837193e-3, -6.9609553e-2, -0.14104906, 1,
  ];
  const scaled = root.map((coefficient, n) => coefficient * scale ** (7 - n) * 0.5 ** (1 / 8));
  const square = (node: CodeNode) => l.do('mul', node, node);
  const power = square(square(square(polynomial(l, inside, scaled))));
  return l.mulSub(inside, power, positivePart(l, x, size));
}

/**
 * max(x, 0), or 0 for NaN. Scalar code has no instruction for it, and a branch on the sign of data is
 * mispredicted, so it adds half of x and half of |x|: the same bits.
 */
function positivePart(l: Lanes, x: CodeNode, size: CodeNode): CodeNode {
  if (x.wide) return l.atLeast(l.f32(0), x);
  return l.do('add', l.do('mul', x, l.f32(0.5)), l.do('mul', size, l.f32(0.5)));
}

/** sin x within 2 ULP (1e-7 absolute near zeros) for |x| < 8192; beyond, the range reduction loses bits. */
export function sin(l: Lanes, x: CodeNode): CodeNode {
  return quadrant(l, x, 0);
}

export function cos(l: Lanes, x: CodeNode): CodeNode {
  return quadrant(l, x, 1);
}

function quadrant(l: Lanes, x: CodeNode, shift: number): CodeNode {
  const whole = l.do('nearest', l.do('mul', x, l.f32(2 / Math.PI)));
  const reduced = [1.5703125, 4.837512969970703e-4, 7.549789954891886e-8].reduce(
    (rest, part) => l.mulSub(whole, l.f32(part), rest),
    x,
  );
  const square = l.do('mul', reduced, reduced);
  const odd = polynomial(l, square, [-1.9515296e-4, 8.3321609e-3, -0.16666655]);
  const sine = l.mulAdd(l.do('mul', odd, square), reduced, reduced);
  const even = polynomial(l, square, [2.4433157e-5, -1.3887316e-3, 4.1666646e-2]);
  const cosine = l.do(
    'add',
    l.mulSub(l.f32(0.5), square, l.do('mul', l.do('mul', even, square), square)),
    l.f32(1),
  );
  const turn = l.do('iadd', l.do('toInteger', whole), l.i32(shift));
  const value = l.select(l.do('ieq', l.do('iand', turn, l.i32(1)), l.i32(0)), sine, cosine);
  const sign = l.shift('shl', l.do('iand', turn, l.i32(2)), 30);
  return l.do('floatOf', l.do('ixor', l.do('bitsOf', value), sign));
}

/** x^y for x ≥ 0 as 2^(y · log2 x): relative error grows with |y · log2 x|, about 1e-7 times it. */
export function power(l: Lanes, x: CodeNode, y: CodeNode): CodeNode {
  return exp2(l, l.do('mul', y, log2(l, x)));
}
