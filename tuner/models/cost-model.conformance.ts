import { describe, expect, it } from 'vitest';
import type { CostModel, Matrix } from './_base.ts';

/** A model made from features and ln(time in µs). */
export type LearnModel = (features: Matrix, logTimes: Float64Array) => CostModel;

/** The contract of every cost model: it learns, predicts with a spread, and is deterministic. */
export function costModelConformance(name: string, learn: LearnModel): void {
  describe(`${name} as a cost model`, () => {
    const features = grid(12);
    const logTimes = Float64Array.from({ length: features.rows }, (_, row) => valley(features, row));
    const even = everyOther(features, 0);
    const odd = everyOther(features, 1);
    const model = learn(
      even.features,
      logTimes.filter((_, row) => row % 2 === 0),
    );
    const predictions = model.predict(odd.features);

    it('predicts a finite mean with a positive spread for each row', () => {
      expect(predictions).toHaveLength(odd.features.rows);
      for (const { meanLog, sdLog } of predictions) {
        expect(Number.isFinite(meanLog)).toBe(true);
        expect(sdLog).toBeGreaterThan(0);
      }
    });

    it('predicts held-out rows much better than their mean does', () => {
      const truth = odd.rows.map((row) => logTimes[row]);
      const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
      const error = truth.reduce((sum, value, i) => sum + (value - predictions[i].meanLog) ** 2, 0);
      const spread = truth.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expect(error / spread).toBeLessThan(0.1);
    });

    it('predicts the same twice', () => {
      expect(model.predict(odd.features)).toEqual(predictions);
    });
  });
}

function grid(side: number): Matrix {
  const values = new Float64Array(side * side * 2);
  for (let row = 0; row < side * side; row++) {
    values[row * 2] = Math.floor(row / side) / (side - 1);
    values[row * 2 + 1] = (row % side) / (side - 1);
  }
  return { rows: side * side, columns: 2, values };
}

function valley({ values }: Matrix, row: number): number {
  return 3 + 2 * (values[row * 2] - 0.4) ** 2 + Math.abs(values[row * 2 + 1] - values[row * 2]);
}

function everyOther({ columns, values, rows }: Matrix, first: 0 | 1) {
  const kept = Array.from({ length: rows >> 1 }, (_, i) => 2 * i + first);
  const picked = kept.flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]);
  return { rows: kept, features: { rows: kept.length, columns, values: Float64Array.from(picked) } };
}
