import { describe, expect, it } from 'vitest';
import { unknown } from '../../tuner/attribution/gain.ts';
import { breakEvenSize, payingRanges } from './scaling.ts';

const points = (...gains: readonly (number | null)[]) =>
  gains.map((value, place) => ({
    elements: 1024 * 4 ** place,
    forced: value === null ? unknown('not tried', '') : { value, low: null, high: null },
  }));

const breakEven = (...gains: readonly (number | null)[]) =>
  breakEvenSize(points(...gains), payingRanges(points(...gains)));

describe('where a mechanism pays', () => {
  it('is not known where no gain is', () => {
    expect(breakEven(null, null)).toMatchObject({ unknown: 'not tried' });
  });
  it('interpolates the crossing in the logarithms of size and gain', () => {
    expect(payingRanges(points(0.5, 2, 4))).toEqual([{ from: 2048, to: null }]);
    expect(breakEven(0.5, 2, 4)).toBe(2048);
  });
  it('has no smaller end if it pays at every size', () => {
    expect(payingRanges(points(1, 2))).toEqual([{ from: null, to: null }]);
    expect(breakEven(1, 2)).toEqual(unknown('not applicable', 'it pays at every size whose gain is known'));
  });
  it('never pays below one', () => {
    expect(payingRanges(points(0.9, 0.95))).toEqual([]);
    expect(breakEven(0.9, 0.95)).toMatchObject({ unknown: 'not applicable' });
  });
  it('may pay at middle sizes only', () => {
    expect(payingRanges(points(0.5, 2, 0.5))).toEqual([{ from: 2048, to: 8192 }]);
    expect(breakEven(0.5, 2, 0.5)).toMatchObject({ why: 'it does not pay at the largest size' });
  });
  it('takes the last crossing as break-even, and leaves out sizes without a gain', () => {
    const ranges = payingRanges(points(2, 0.5, null, 2));
    expect(ranges).toHaveLength(2);
    expect(breakEven(2, 0.5, null, 2)).toBe(Math.round(4096 * 16 ** 0.5));
  });
});
