import type { Observation, Strategy } from '../../tuner/strategies/_base.ts';
import type { Landscape } from './landscape.ts';

/** ln(best time after each trial ÷ optimum): never rising, +∞ before the first time. */
export type Curve = Float64Array;

/** Lets a strategy search a landscape, as on a device, a wave of trials at a time; calls `listen` with each trial. */
export function searchLandscape(
  landscape: Landscape,
  strategy: Strategy,
  trials: number,
  { wave = 1, listen }: Readonly<{ wave?: number; listen?: (index: number) => void }> = {},
): Curve {
  const curve = new Float64Array(Math.min(trials, landscape.space.size));
  let best = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < curve.length; ) {
    const proposed = strategy.suggest(Math.min(wave, curve.length - trial));
    const seen = proposed.map(({ index }) => observation(index, landscape.timeUs(index)));
    strategy.observe(seen);
    for (const one of seen) {
      listen?.(one.index);
      if (one.state === 'timed') best = Math.min(best, one.timeUs);
      curve[trial++] = Math.log(best / landscape.optimumUs);
    }
  }
  return curve;
}

function observation(index: number, timeUs: number): Observation {
  return Number.isNaN(timeUs)
    ? { index, state: 'invalid', reason: 'runtime' }
    : { index, state: 'timed', timeUs };
}

/** Optimum ÷ best found after `budget` trials; 0 if nothing was found. */
export function fractionAfter(curve: Curve, budget: number): number {
  return budget < 1 ? 0 : Math.exp(-curve[Math.min(budget, curve.length) - 1]);
}

/** Trials until 95 % of the optimum; +∞ if not reached. */
export function trialsTo95(curve: Curve): number {
  const reached = curve.findIndex((loss) => loss <= -Math.log(0.95));
  return reached < 0 ? Number.POSITIVE_INFINITY : reached + 1;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
