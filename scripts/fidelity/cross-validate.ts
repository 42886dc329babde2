import { withFigures } from '../../src/targets/npu/machine/calibration.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { bestSet } from '../fit/fit.ts';
import { plans } from '../fit/plans.ts';
import type { Observation } from './observations.ts';

/** A row's predicted time by fits without all rows of its size, or of its operation. */
export type Predictions = Readonly<{ withoutSize: number; withoutOperation: number }>;

/** The predictions for every observation to be cross-validated. */
export function crossValidate(observations: readonly Observation[]): Map<Observation, Predictions> {
  const rows = observations.filter(({ use }) => use === 'cross-validation');
  const bySize = predictWithout(rows, ({ size }) => String(size));
  const byOperation = predictWithout(rows, ({ kernel }) => kernel);
  return new Map(
    rows.map((row) => [
      row,
      { withoutSize: predictionOf(row, bySize), withoutOperation: predictionOf(row, byOperation) },
    ]),
  );
}

function predictionOf(row: Observation, predictions: ReadonlyMap<Observation, number>): number {
  const prediction = predictions.get(row);
  if (prediction === undefined) throw new Error(`${row.id} was not predicted`);
  return prediction;
}

function predictWithout(
  rows: readonly Observation[],
  groupOf: (row: Observation) => string,
): Map<Observation, number> {
  const predictions = new Map<Observation, number>();
  const groups = new Map(rows.map((row) => [`${row.device}:${groupOf(row)}`, row.device]));
  for (const [group, device] of groups) {
    const isIn = (row: Observation) => `${row.device}:${groupOf(row)}` === group;
    const target = loadTarget(device);
    const kept = rows.filter((row) => row.device === device && !isIn(row));
    const fitted = withFigures(target, bestSet(target, plans[device], kept));
    for (const row of rows.filter(isIn)) predictions.set(row, row.simulate(fitted));
  }
  return predictions;
}
