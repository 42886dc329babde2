import { integerBelow } from '../../search-space/random.ts';
import type { StrategyContext, StrategyFactory, Suggestion } from './_base.ts';
import { childOf } from './candidates.ts';
import { trialsPerFitAt } from './default.ts';
import { FrontFitter } from './front-fitter.ts';
import type { History } from './history.ts';
import { Front, type ValuedTrial } from './known-front.ts';
import { fitPoint, TRIALS_PER_FIT } from './model-fitter.ts';
import { OPENING, opening } from './opening.ts';
import { type SequentialRule, sequentialStrategy } from './sequential.ts';
import { isFresh, type Turn } from './turn.ts';

/** Trials without gain after which, in every fourth trial, a neighbour of a Pareto optimum is tried. */
const PATIENCE = 12;
const EVERY = 4;
const ATTEMPTS = 12;

/**
 * Seeks the Pareto optima of several objectives: a surrogate for each, and the candidate from which the most
 * hypervolume is expected; where trials cost less than fitting, children of Pareto optima in between.
 */
export const pareto: StrategyFactory = Object.freeze({
  name: 'default',
  summary: 'a surrogate for each objective, and the expected growth of the hypervolume',
  create: (context: StrategyContext) =>
    sequentialStrategy(context, (history) => paretoRule(context, history)),
});

function paretoRule(context: StrategyContext, history: History): SequentialRule {
  const trialsPerFit = trialsPerFitAt(context.trialCostMs);
  const front = new Front();
  const fitter = new FrontFitter(context, trialsPerFit);
  return {
    name: 'pareto',
    observe: (trial, position) => front.observe(trial, position),
    suggest: (turn: Turn) => {
      if (history.length < OPENING) return opening(turn, []);
      const parents = front.optima;
      const place = history.length + turn.taken.size;
      if (history.length - front.grewAt > PATIENCE && place % EVERY === 0) {
        const found = neighbour(turn, parents);
        if (found !== undefined) return found;
      }
      const age = history.length - fitPoint(history.length, trialsPerFit);
      if (trialsPerFit > TRIALS_PER_FIT && age >= TRIALS_PER_FIT) return bred(turn, parents);
      return fitter.at(history)?.next(turn);
    },
  };
}

function neighbour(turn: Turn, parents: readonly ValuedTrial[]): Suggestion | undefined {
  const { history, random } = turn;
  for (let attempt = 0; attempt < ATTEMPTS && parents.length > 0; attempt++) {
    const { index } = parents[integerBelow(random, parents.length)];
    const fresh = history.space.neighbours(index, 'hamming').filter((next) => isFresh(turn, next));
    if (fresh.length > 0) return { index: fresh[integerBelow(random, fresh.length)], origin: 'neighbour' };
  }
  return undefined;
}

/** A child of Pareto optima; undefined where none is fresh. */
function bred(turn: Turn, parents: readonly ValuedTrial[]): Suggestion | undefined {
  for (let attempt = 0; attempt < ATTEMPTS && parents.length > 0; attempt++) {
    const index = childOf(turn.history.space, parents, turn.random);
    if (isFresh(turn, index)) return { index, origin: 'crossover' };
  }
  return undefined;
}
