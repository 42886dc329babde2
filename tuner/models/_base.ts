import type { Prediction } from '../../store/trial.ts';

/** Rows of features, row-major: `rows` × `columns`. */
export type Matrix = Readonly<{ rows: number; columns: number; values: Float64Array }>;

/**
 * Predicts ln(time in µs) as a mean with a standard deviation.
 * Every implementation runs `cost-model.conformance.ts`.
 */
export interface CostModel {
  predict(features: Matrix): readonly Prediction[];
}
