import type { Primitives } from './primitives.ts';

/** Horner's rule, the highest coefficient first. */
export function polynomial<V>(m: Primitives<V>, x: V, coefficients: readonly number[]): V {
  const [first, second, ...rest] = coefficients;
  const start = first === 1 ? m.do('add', x, m.f32(second)) : m.mulAdd(m.f32(first), x, m.f32(second));
  return rest.reduce((sum, coefficient) => m.mulAdd(sum, x, m.f32(coefficient)), start);
}
