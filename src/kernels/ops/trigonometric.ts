import type { UnaryOps } from './_op.ts';
import { polynomial } from './polynomial.ts';
import type { Primitives } from './primitives.ts';

/**
 * sin(x + shift · π / 2) within 2 ULP (1e-7 absolute near zeros) for |x| < 8192; beyond, the range reduction
 * loses bits. Follows Cephes 2.8 (S. L. Moshier, sinf.c).
 */
function sine<V>(m: Primitives<V>, x: V, shift: number): V {
  const whole = m.do('nearest', m.do('mul', x, m.f32(2 / Math.PI)));
  const reduced = [1.5703125, 4.837512969970703e-4, 7.549789954891886e-8].reduce(
    (rest, part) => m.mulSub(whole, m.f32(part), rest),
    x,
  );
  const square = m.do('mul', reduced, reduced);
  const odd = polynomial(m, square, [-1.9515296e-4, 8.3321609e-3, -0.16666655]);
  const own = m.mulAdd(m.do('mul', odd, square), reduced, reduced);
  const even = polynomial(m, square, [2.4433157e-5, -1.3887316e-3, 4.1666646e-2]);
  const other = m.do(
    'add',
    m.mulSub(m.f32(0.5), square, m.do('mul', m.do('mul', even, square), square)),
    m.f32(1),
  );
  const turn = m.do('iadd', m.do('toInteger', whole), m.i32(shift));
  const value = m.select(m.do('ieq', m.do('iand', turn, m.i32(1)), m.i32(0)), own, other);
  const sign = m.shift('shl', m.do('iand', turn, m.i32(2)), 30);
  return m.do('floatOf', m.do('ixor', m.do('bitsOf', value), sign));
}

export const TRIGONOMETRIC = {
  sin: { class: 'sin', float: { value: Math.sin, steps: (m, x) => sine(m, x, 0) } },
  cos: { class: 'sin', float: { value: Math.cos, steps: (m, x) => sine(m, x, 1) } },
} as const satisfies UnaryOps;
