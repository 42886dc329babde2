import { erf as exactErf } from '../erf.ts';
import type { UnaryOps } from './_op.ts';
import { polynomial } from './polynomial.ts';
import type { Primitives } from './primitives.ts';

/** From here on erf differs from 1 by less than 2.4e-7. */
const ERF_END = 3.65;

/**
 * erf(scale · x) within 6e-7 absolute (1.2e-7 by the approximation, the rest by f32's rounding): a
 * rational minimax approximation on ±3.65, odd degree 9 over even degree 10, fitted by Lawson's
 * algorithm. The scale is multiplied into the coefficients. The sign is removed and restored as a bit:
 * processors have more ports free for that than for a second bound.
 */
export function erf<V>(m: Primitives<V>, x: V, scale = 1): V {
  const sign = m.do('iand', m.do('bitsOf', x), m.i32(-0x80000000));
  const size = m.atMost(
    m.do('floatOf', m.do('ixor', m.do('bitsOf', x), sign)),
    m.f32(ERF_END / Math.abs(scale)),
  );
  const square = m.do('mul', size, size);
  const scaled = (first: number, coefficients: readonly number[]) =>
    coefficients.map((coefficient, n) => coefficient * scale ** (first - 2 * n));
  const above = polynomial(m, square, scaled(-1, [16.214905, 432.39136, 4029.1751, 17779.37, 75179.72]));
  const below = polynomial(m, square, scaled(0, [1, 109.33845, 1358.0989, 9564.825, 37964.94, 66626.31]));
  const signed = m.do('floatOf', m.do('ior', m.do('bitsOf', size), sign));
  return m.do('div', m.do('mul', signed, above), below);
}

/** From here on erfc is at most 1e-7; beyond it, the eighth power below would rise again. */
const ERFC_END = 3.9;

/**
 * ½ · x · (1 + erf(scale · x)) within 6e-7 · max(1, |result|), for a scale above 0. It is
 * max(x, 0) − ½ · |x| · erfc(scale · |x|), and erfc is the eighth power of a minimax polynomial of
 * degree 7 (1.7e-7 absolute, fitted by Lawson's algorithm): no division, and no cancellation as in
 * 1 + erf. The scale and the ½ are multiplied into the coefficients.
 */
export function halfOnePlusErfTimes<V>(m: Primitives<V>, x: V, scale: number): V {
  const size = m.do('abs', x);
  const inside = m.atMost(size, m.f32(ERFC_END / scale));
  const root = [
    4.8193256e-5, -3.7734829e-4, -4.0407013e-5, 6.792112e-3, -2.1837193e-3, -6.9609553e-2, -0.14104906, 1,
  ];
  const scaled = root.map((coefficient, n) => coefficient * scale ** (7 - n) * 0.5 ** (1 / 8));
  const square = (node: V) => m.do('mul', node, node);
  const power = square(square(square(polynomial(m, inside, scaled))));
  return m.mulSub(inside, power, m.positivePart(x, size));
}

export const ERROR_FUNCTION = {
  erf: { class: 'erf', float: { value: exactErf, steps: (m, x) => erf(m, x) } },
} as const satisfies UnaryOps;
