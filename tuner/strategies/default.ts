import { randomFor } from '../../search-space/random.ts';
import { trustIn } from '../models/trend.ts';
import type { Prior, StrategyContext, StrategyFactory } from './_base.ts';
import { breed } from './evolutionary.ts';
import { favouritesOf } from './favourites.ts';
import { guided } from './guided.ts';
import { type History, knownOf } from './history.ts';
import { OPENING, opening } from './opening.ts';
import { Planner, STRIDE } from './planner.ts';
import { type Moves, sequentialStrategy, type Turn } from './sequential.ts';

/** About what making a model costs, in milliseconds, and the most trials that one may serve. */
const MODEL_COST_MS = 20;
const LONGEST_STRIDE = 64;

/**
 * What our measurements show to be best (docs/search.md): the surrogate, helped by what is believed
 * from elsewhere, and relieved by evolution where trials cost less than thinking.
 */
export const defaultStrategy: StrategyFactory = Object.freeze({
  name: 'default',
  summary: 'the surrogate, with what other studies know; evolution where trials are cheap',
  create: (context: StrategyContext) => sequentialStrategy(context, (history) => portfolio(context, history)),
});

function portfolio(context: StrategyContext, history: History): Moves {
  const { space, seed, prior, trialCostMs } = context;
  const favourites = prior === undefined ? [] : favouritesOf(prior, space, randomFor(seed, 'favourites'));
  const stride = strideFor(trialCostMs);
  const planner = new Planner(context, history, {
    stride,
    favourites,
    ...(prior === undefined ? {} : { prior }),
  });
  return {
    name: 'default',
    propose: (turn: Turn) => {
      if (history.length < OPENING) return opening(turn, isTrusted(prior, history) ? favourites : []);
      return stride > STRIDE && planner.age >= STRIDE ? breed(turn) : guided(turn, planner);
    },
  };
}

function isTrusted(prior: Prior | undefined, { seen }: History): boolean {
  return prior !== undefined && trustIn(prior, knownOf(seen)) > 0;
}

/** A model may cost as much as the trials it serves. */
function strideFor(trialCostMs: number | undefined): number {
  if (trialCostMs === undefined) return STRIDE;
  return Math.min(LONGEST_STRIDE, Math.max(STRIDE, Math.ceil(MODEL_COST_MS / Math.max(trialCostMs, 1e-3))));
}
