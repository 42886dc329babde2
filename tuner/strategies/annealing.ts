import { integerBelow, type Random, randomFor } from '../../search-space/random.ts';
import type { StrategyContext, StrategyFactory, Suggestion } from './_base.ts';
import type { Seen } from './history.ts';
import { isFresh, type Moves, sequentialStrategy, type Turn } from './sequential.ts';

/** A step that is slower by this factor's logarithm is accepted once in e times at the start. */
const WARMTH = 0.2;
/** Trials after which the warmth has halved. */
const COOLING = 40;
/** Trials without a step before a new start. */
const PATIENCE = 25;

/**
 * Simulated annealing with restarts. It stands on one member and tries what is near: first one step
 * along a parameter, then any other value of one. A member is never tried twice, so that it cannot
 * walk in circles; after long standing still it starts again elsewhere.
 */
export const annealing: StrategyFactory = Object.freeze({
  name: 'annealing',
  summary: 'local search with restarts',
  create: (context: StrategyContext) => sequentialStrategy(context, () => walk(context)),
});

function walk({ seed }: StrategyContext): Moves {
  let standing: Seen | undefined;
  let still = 0;
  return {
    name: 'annealing',
    fold: (seen: Seen, position: number) => {
      still++;
      if (accepts(standing, seen, position, randomFor(seed, 'accept', position))) {
        standing = seen;
        still = 0;
      } else if (still > PATIENCE) {
        standing = undefined;
      }
    },
    propose: (turn: Turn) => (standing === undefined ? undefined : step(turn, standing)),
  };
}

function accepts(standing: Seen | undefined, seen: Seen, position: number, random: Random): boolean {
  if (!Number.isFinite(seen.logTime)) return false;
  if (standing === undefined) return true;
  const warmth = WARMTH * 2 ** (-position / COOLING);
  return random() < Math.exp((standing.logTime - seen.logTime) / warmth);
}

function step(turn: Turn, standing: Seen): Suggestion | undefined {
  for (const reach of ['adjacent', 'hamming'] as const) {
    const fresh = turn.history.space
      .neighbours(standing.index, reach)
      .filter((index) => isFresh(turn, index));
    if (fresh.length > 0)
      return { index: fresh[integerBelow(turn.random, fresh.length)], origin: 'neighbour' };
  }
  return undefined;
}
