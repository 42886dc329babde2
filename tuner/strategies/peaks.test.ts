import { expect, it } from 'vitest';
import { peaksOf } from './peaks.ts';

it('takes the fastest and each next one that is far from the peaks before it', () => {
  const ranked = [
    [0, 0, 0, 0],
    [1, 1, 0, 0],
    [1, 1, 1, 0],
    [2, 2, 2, 0],
    [1, 1, 1, 1],
  ].map((digits, i) => ({ index: i, digits: Int32Array.from(digits), logTime: i }));
  expect(peaksOf(ranked).map(({ index }) => index)).toEqual([0, 2, 3]);
  expect(peaksOf([])).toEqual([]);
});
