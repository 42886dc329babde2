import { describe, expect, it } from 'vitest';
import { power } from './python-arithmetic.ts';

describe('a power', () => {
  it.each([
    [1, 1e308, 1],
    [-1, 1e308, 1],
    [-1, 1025, -1],
    [0, 1e308, 0],
    [0, 0, 1],
    [2, 1023, 2 ** 1023],
    [2, 1024, Number.POSITIVE_INFINITY],
    [-2, 1025, Number.NEGATIVE_INFINITY],
    [3, 33, 5_559_060_566_555_523],
  ])('of %d by %d is %d', (base, exponent, result) => {
    expect(power(base, exponent)).toBe(result);
  });
});
