import { integerBelow, type Random, randomFor } from '../../search-space/random.ts';
import type { StrategyContext, StrategyFactory, Suggestion } from './_base.ts';
import type { PastTrial } from './history.ts';
import { type SequentialRule, sequentialStrategy } from './sequential.ts';
import { isFresh, type Turn } from './turn.ts';

/** The temperature at the start: a step that is slower by this much of ln(time) is accepted with probability 1 ÷ e. */
const TEMPERATURE = 0.2;
/** Trials in which the temperature halves. */
const COOLING = 40;
/** Trials without an accepted step before a restart. */
const PATIENCE = 25;

/**
 * Simulated annealing with restarts. From its current member it tries the neighbours: first one step
 * along a parameter, then any other value of one. No member is tried twice, so it cannot walk in
 * circles; after many trials without an accepted step it restarts at a random member.
 */
export const annealing: StrategyFactory = Object.freeze({
  name: 'annealing',
  summary: 'local search with restarts',
  create: (context: StrategyContext) => sequentialStrategy(context, () => walk(context)),
});

function walk({ seed }: StrategyContext): SequentialRule {
  let current: PastTrial | undefined;
  let rejected = 0;
  return {
    name: 'annealing',
    observe: (trial: PastTrial, position: number) => {
      rejected++;
      if (accepts(current, trial, position, randomFor(seed, 'accept', position))) {
        current = trial;
        rejected = 0;
      } else if (rejected > PATIENCE) {
        current = undefined;
      }
    },
    suggest: (turn: Turn) => (current === undefined ? undefined : step(turn, current)),
  };
}

function accepts(
  current: PastTrial | undefined,
  trial: PastTrial,
  position: number,
  random: Random,
): boolean {
  if (!Number.isFinite(trial.logTime)) return false;
  if (current === undefined) return true;
  const temperature = TEMPERATURE * 2 ** (-position / COOLING);
  return random() < Math.exp((current.logTime - trial.logTime) / temperature);
}

function step(turn: Turn, current: PastTrial): Suggestion | undefined {
  for (const reach of ['adjacent', 'hamming'] as const) {
    const fresh = turn.history.space.neighbours(current.index, reach).filter((index) => isFresh(turn, index));
    if (fresh.length > 0)
      return { index: fresh[integerBelow(turn.random, fresh.length)], origin: 'neighbour' };
  }
  return undefined;
}
