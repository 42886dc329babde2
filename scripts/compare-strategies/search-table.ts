import type { ReplayTable } from '../../src/targets/replay/table.ts';
import type { Observation, Strategy } from '../../tuner/strategies/_base.ts';

/** ln(best time after each trial ÷ optimum): never rising, +∞ before the first time. */
export type Curve = Float64Array;

/** Lets a strategy search a table, one trial at a time, as on a device; calls `listen` with each trial. */
export function searchTable(
  table: ReplayTable,
  strategy: Strategy,
  trials: number,
  listen?: (index: number) => void,
): Curve {
  const curve = new Float64Array(Math.min(trials, table.space.size));
  let best = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < curve.length; trial++) {
    const [{ index }] = strategy.suggest(1);
    strategy.observe([observation(table, index)]);
    listen?.(index);
    if (table.timesUs[index] < best) best = table.timesUs[index];
    curve[trial] = Math.log(best / table.optimumUs);
  }
  return curve;
}

function observation(table: ReplayTable, index: number): Observation {
  const timeUs = table.timesUs[index];
  return Number.isNaN(timeUs)
    ? { index, state: 'invalid', reason: 'runtime' }
    : { index, state: 'timed', timeUs };
}

/** Optimum ÷ best found after `budget` trials; 0 if nothing was found. */
export function fractionAfter(curve: Curve, budget: number): number {
  return Math.exp(-curve[Math.min(budget, curve.length) - 1]);
}

/** Trials until 95 % of the optimum; +∞ if not reached. */
export function trialsTo95(curve: Curve): number {
  const reached = curve.findIndex((loss) => loss <= -Math.log(0.95));
  return reached < 0 ? Number.POSITIVE_INFINITY : reached + 1;
}
