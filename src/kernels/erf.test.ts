import { expect, test } from 'vitest';
import { erf } from './erf.ts';

// The Taylor series summed with 80 decimal digits, rounded to float64.
const KNOWN: readonly (readonly [number, number])[] = [
  [1e-9, 1.1283791670955127e-9],
  [0.01, 0.011283415555849618],
  [0.1, 0.1124629160182849],
  [0.25, 0.27632639016823696],
  [0.46875, 0.49261347321793797],
  [0.47, 0.4937450508860821],
  [0.5, 0.5204998778130465],
  [0.75, 0.7111556336535151],
  [1, 0.8427007929497149],
  [1.25, 0.9229001282564583],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [2.5, 0.999593047982555],
  [3, 0.9999779095030014],
  [3.5, 0.9999992569016276],
  [3.9999, 0.9999999845700388],
  [4, 0.9999999845827421],
  [4.5, 0.9999999998033839],
  [5, 0.9999999999984626],
  [5.5, 0.9999999999999927],
];

test('agrees with high-precision values to 2e-16 absolute and 1e-15 relative', () => {
  for (const [x, value] of KNOWN) {
    expect(Math.abs(erf(x) - value)).toBeLessThanOrEqual(2.3e-16);
    expect(Math.abs(erf(x) / value - 1)).toBeLessThanOrEqual(1e-15);
  }
});

test('is odd, rising, bounded, and keeps NaN', () => {
  let last = -1;
  for (let x = -7; x <= 7; x += 1 / 64) {
    expect(erf(-x)).toBe(-erf(x));
    expect(erf(x)).toBeGreaterThanOrEqual(last);
    last = erf(x);
  }
  expect(erf(Number.POSITIVE_INFINITY)).toBe(1);
  expect(erf(0)).toBe(0);
  expect(erf(Number.NaN)).toBeNaN();
});
