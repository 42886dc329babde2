import { expect } from 'vitest';

/** Every element within a relative error (absolute below 1), float64 against float64. */
export function expectClose(actual: Float64Array, expected: ArrayLike<number>, tolerance = 1e-11): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  let where = 0;
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (!(error <= worst)) {
      worst = error;
      where = i;
    }
  }
  expect(worst, `element ${where}: ${actual[where]} instead of ${expected[where]}`).toBeLessThanOrEqual(
    tolerance,
  );
}
