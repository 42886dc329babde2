import type { UnaryOps } from './_op.ts';

/** Ops of one or two instructions. 'round' goes to the nearest whole number, ties to even. 'not' is bitwise. */
export const SIMPLE = {
  neg: {
    class: 'add',
    prefix: '-',
    float: { value: (x) => -x, steps: (m, x) => m.do('neg', x) },
    integer: { value: (x) => -x, steps: (m, x) => m.do('isub', m.i32(0), x) },
  },
  abs: {
    class: 'minmax',
    float: { value: Math.abs, steps: (m, x) => m.do('abs', x) },
    integer: {
      value: Math.abs,
      steps: (m, x) => {
        const negative = m.do('isub', m.i32(0), x);
        return m.select(m.do('ilt', x, m.i32(0)), negative, x);
      },
    },
  },
  sqrt: {
    class: 'sqrt',
    isForPositive: true,
    float: { value: Math.sqrt, steps: (m, x) => m.do('sqrt', x) },
  },
  rsqrt: {
    class: 'sqrt',
    isForPositive: true,
    float: { value: (x) => 1 / Math.sqrt(x), steps: (m, x) => m.rsqrt(x) },
  },
  reciprocal: {
    class: 'div',
    float: { value: (x) => 1 / x, steps: (m, x) => m.do('div', m.f32(1), x) },
  },
  floor: { class: 'round', float: { value: Math.floor, steps: (m, x) => m.do('floor', x) } },
  ceil: { class: 'round', float: { value: Math.ceil, steps: (m, x) => m.do('ceil', x) } },
  round: { class: 'round', float: { value: roundHalfEven, steps: (m, x) => m.do('nearest', x) } },
  not: {
    class: 'logic',
    integer: { value: (x) => -1 - x, steps: (m, x) => m.do('ixor', x, m.i32(-1)) },
    truth: { value: (x) => 1 - x, steps: (m, x) => m.do('mnot', x) },
  },
  isnan: {
    class: 'compare',
    result: 'bool',
    float: { value: (x) => (Number.isNaN(x) ? 1 : 0), steps: (m, x) => m.do('ne', x, x) },
    integer: { value: () => 0, steps: (m, x) => m.do('ine', x, x) },
    truth: { value: () => 0, steps: (m, x) => m.do('mxor', x, x) },
  },
} as const satisfies UnaryOps;

function roundHalfEven(x: number): number {
  const nearest = Math.round(x);
  return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
