import type { StrategyContext, StrategyFactory } from './_base.ts';
import { candidates } from './candidates.ts';
import { guided } from './guided.ts';
import { ModelFitter, TRIALS_PER_FIT } from './model-fitter.ts';
import { OPENING, opening } from './opening.ts';
import { sequentialStrategy } from './sequential.ts';
import type { Turn } from './turn.ts';

/** A scattered opening, then always the suggestion of the study's own model. */
export const surrogate: StrategyFactory = Object.freeze({
  name: 'surrogate',
  summary: 'expected improvement on randomised trees and a Gaussian process',
  create: (context: StrategyContext) =>
    sequentialStrategy(context, (history) => {
      const fitter = new ModelFitter(context, history, {
        trialsPerFit: TRIALS_PER_FIT,
        candidatesFor: candidates,
      });
      return {
        name: 'surrogate',
        suggest: (turn: Turn) => (history.length < OPENING ? opening(turn, []) : guided(turn, fitter)),
      };
    }),
});
