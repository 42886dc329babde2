import { randomFor } from '../../search-space/random.ts';
import { rankAgreement } from '../models/prior-weight.ts';
import type { Prior, StrategyContext, StrategyFactory } from './_base.ts';
import { candidates } from './candidates.ts';
import { breed } from './evolutionary.ts';
import { favouritesOf } from './favourites.ts';
import { guided } from './guided.ts';
import { type History, trainingSetOf } from './history.ts';
import { ModelFitter, TRIALS_PER_FIT } from './model-fitter.ts';
import { OPENING, opening } from './opening.ts';
import { type SequentialRule, sequentialStrategy } from './sequential.ts';
import { SlowHalf } from './slow-half.ts';
import type { Turn } from './turn.ts';

/** So many of a prior's favourites are asked about whenever a model is. */
const ASKED = 40;

/** About what fitting a model costs, in milliseconds, and the most trials that one model is used for. */
const FIT_COST_MS = 20;
const MOST_TRIALS_PER_FIT = 64;

/**
 * What our measurements show to be best (docs/notes/search.md): the surrogate, with a prior from other studies
 * where there is one, and evolution between two fits where trials cost less than a fit.
 */
export const defaultStrategy: StrategyFactory = Object.freeze({
  name: 'default',
  summary: 'the surrogate, with what other studies know; evolution where trials are cheap',
  create: (context: StrategyContext) => sequentialStrategy(context, (history) => portfolio(context, history)),
});

function portfolio(context: StrategyContext, history: History): SequentialRule {
  const { space, seed, prior, trialCostMs } = context;
  const favourites = prior === undefined ? [] : favouritesOf(prior, space, randomFor(seed, 'favourites'));
  const trialsPerFit = trialsPerFitAt(trialCostMs);
  const asked = favourites.slice(0, ASKED);
  const fitter = new ModelFitter(context, history, {
    trialsPerFit,
    candidatesFor: (turn) => [...new Set([...candidates(turn), ...asked])],
    ...(prior !== undefined && { prior }),
  });
  const slowHalf = prior && new SlowHalf(context, history, { prior, trialsPerFit });
  return {
    name: 'default',
    suggest: (turn: Turn) => {
      if (history.length < OPENING)
        return opening(turn, isTrusted(prior, history) ? favourites : [], prior?.isDistant === true);
      const isStale = trialsPerFit > TRIALS_PER_FIT && fitter.age >= TRIALS_PER_FIT;
      return slowHalf?.next(turn) ?? (isStale ? breed(turn) : guided(turn, fitter));
    },
  };
}

function isTrusted(prior: Prior | undefined, { trials }: History): boolean {
  return prior !== undefined && rankAgreement(prior, trainingSetOf(trials)) > 0;
}

/** A fit may cost as much as the trials that its model is used for. */
export function trialsPerFitAt(trialCostMs: number | undefined): number {
  if (trialCostMs === undefined) return TRIALS_PER_FIT;
  const trials = Math.ceil(FIT_COST_MS / Math.max(trialCostMs, 1e-3));
  return Math.min(MOST_TRIALS_PER_FIT, Math.max(TRIALS_PER_FIT, trials));
}
