import type { StrategyContext, StrategyFactory } from './_base.ts';
import { guided } from './guided.ts';
import { OPENING, opening } from './opening.ts';
import { Planner, STRIDE } from './planner.ts';
import { sequentialStrategy, type Turn } from './sequential.ts';

/** A scattered opening, then always what the study's own model expects most of. */
export const surrogate: StrategyFactory = Object.freeze({
  name: 'surrogate',
  summary: 'expected improvement on randomised trees and a Gaussian process',
  create: (context: StrategyContext) =>
    sequentialStrategy(context, (history) => {
      const planner = new Planner(context, history, { stride: STRIDE, favourites: [] });
      return {
        name: 'surrogate',
        propose: (turn: Turn) => (history.length < OPENING ? opening(turn, []) : guided(turn, planner)),
      };
    }),
});
