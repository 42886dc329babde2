import { waveParts } from '../../tuner/search-side-by-side.ts';
import type { Observation, Strategy } from '../../tuner/strategies/_base.ts';
import type { Landscape } from './landscape.ts';

/** ln(best time after each trial ÷ optimum): never rising, +∞ before the first time. */
export type Curve = Float64Array;

/** How trials are proposed: a wave at once, or, `ahead`, as a fleet does: a part of it, up to three parts before the one that is settled. */
export type Proposing = Readonly<{ wave?: number; ahead?: boolean; listen?: (index: number) => void }>;

/** Lets a strategy search a landscape, as on a device; calls `listen` with each trial. */
export function searchLandscape(
  landscape: Landscape,
  strategy: Strategy,
  trials: number,
  { wave = 1, ahead = false, listen }: Proposing = {},
): Curve {
  const curve = new Float64Array(Math.min(trials, landscape.space.size));
  const { size, parts } = waveParts(wave);
  const log: Observation[] = [];
  let observed = 0;
  let best = Number.POSITIVE_INFINITY;
  const observe = (known: number): void => {
    if (known > observed) strategy.observe(log.slice(observed, known));
    observed = Math.max(observed, known);
  };
  const propose = (count: number): readonly number[] => {
    const running = new Set(log.slice(observed).map(({ index }) => index));
    const suggested = strategy.suggest(count + running.size).map(({ index }) => index);
    return suggested.filter((index) => !running.has(index)).slice(0, count);
  };
  while (log.length < curve.length) {
    observe(ahead ? (Math.floor(log.length / size) - parts + 1) * size : log.length);
    const count = Math.min(ahead ? size - (log.length % size) : wave, curve.length - log.length);
    let proposed = propose(count);
    if (proposed.length === 0) {
      observe(log.length);
      proposed = propose(count);
    }
    if (proposed.length === 0) break;
    for (const index of proposed) {
      const seen = observation(index, landscape.timeUs(index));
      log.push(seen);
      listen?.(index);
      if (seen.state === 'timed') best = Math.min(best, seen.timeUs);
      curve[log.length - 1] = Math.log(best / landscape.optimumUs);
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
