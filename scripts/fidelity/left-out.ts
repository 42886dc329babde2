import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { fit } from '../fit/fit.ts';
import { plans } from '../fit/plans.ts';
import { LADDER_ROWS, type LadderRow, ladderGain } from './ladder-rows.ts';
import { observations } from './observations.ts';

/** A published gain, and the simulator's with its interval, by parameter sets that were found without the figure. */
export type JudgedRow = Readonly<{
  row: LadderRow;
  simulated: number;
  low: number;
  high: number;
  holds: boolean;
}>;

const SEED = 1;

/** Every row of the ladder, each with itself left out of the fit and of the spread. Takes about a minute. */
export function judgedRows(): readonly JudgedRow[] {
  return LADDER_ROWS.map(judge);
}

function judge(row: LadderRow): JudgedRow {
  const target = loadTarget('hexagon-mlir');
  const kept = observations().filter(
    ({ device, use, id }) => device === target.name && use === 'calibration' && !row.leftOut.includes(id),
  );
  const gains = fit(target, plans[target.name], kept, SEED).sets.map(ladderGain(row, target));
  const [low, high] = [Math.min(...gains), Math.max(...gains)];
  return { row, simulated: gains[0], low, high, holds: low <= row.published && row.published <= high };
}
