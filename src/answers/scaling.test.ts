import { describe, expect, it } from 'vitest';
import { unknown } from '../../tuner/attribution/gain.ts';
import { breakEvenSize, payingRanges } from './scaling.ts';

const points = (...gains: readonly (number | null)[]) =>
  gains.map((value, place) => ({
    elements: 1024 * 4 ** place,
    forced: value === null ? unknown('not tried', '') : { value, low: null, high: null },
  }));

describe('where a mechanism pays', () => {
  it('interpolates the crossing in the logarithms of size and gain', () => {
    expect(payingRanges(points(0.5, 2, 4))).toEqual([{ from: 2048, to: null }]);
    expect(breakEvenSize(payingRanges(points(0.5, 2, 4)))).toBe(2048);
  });
  it('has no smaller end if it pays at every size', () => {
    expect(payingRanges(points(1, 2))).toEqual([{ from: null, to: null }]);
    expect(breakEvenSize(payingRanges(points(1, 2)))).toBeNull();
  });
  it('never pays below one', () => {
    expect(payingRanges(points(0.9, 0.95))).toEqual([]);
    expect(breakEvenSize([])).toBeNull();
  });
  it('may pay at middle sizes only', () => {
    expect(payingRanges(points(0.5, 2, 0.5))).toEqual([{ from: 2048, to: 8192 }]);
    expect(breakEvenSize(payingRanges(points(0.5, 2, 0.5)))).toBeNull();
  });
  it('takes the last crossing as break-even, and leaves out sizes without a gain', () => {
    const ranges = payingRanges(points(2, 0.5, null, 2));
    expect(ranges).toHaveLength(2);
    expect(breakEvenSize(ranges)).toBe(Math.round(4096 * 16 ** 0.5));
  });
});
