import type { Prediction } from '../../store/trial.ts';

/** Rows of features, row-major: `rows` × `columns`. */
export type Matrix = Readonly<{ rows: number; columns: number; values: Float64Array }>;

/**
 * Predicts ln(time in µs) with a spread that holds: about 90 % of results lie in the 90 % interval.
 * Every implementation runs `cost-model.conformance.ts`.
 */
export interface CostModel {
  predict(features: Matrix): readonly Prediction[];
}
