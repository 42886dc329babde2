import type { SearchSpace } from '../../search-space/search-space.ts';
import type { InvalidReason, Prediction } from '../../store/trial.ts';

/**
 * What a strategy learns of one settled trial: a member of its space, by index. `timeUs` is to be small: the time, or
 * what else the study seeks. Of several objectives `values` has all.
 */
export type Observation = Readonly<{ index: number }> &
  (
    | Readonly<{ state: 'timed'; timeUs: number; values?: readonly number[] }>
    | Readonly<{ state: 'invalid'; reason: InvalidReason }>
  );

/** A member of the space that the strategy wants to try; `origin` names the step that found it. */
export type Suggestion = Readonly<{ index: number; origin: string; prediction?: Prediction }>;

/**
 * Predictions for a space before its first trial, from results on other devices, shapes or kernels.
 * Frozen when a study is opened. It may be wrong: a strategy checks it against the trials.
 */
export interface Prior {
  readonly version: string;
  /** Whether it knows other kernels only: its favourites are alike, and may all be wrong. */
  readonly isDistant?: boolean;
  /** ln(time in µs) up to an unknown constant, for members of the space given by their digits. */
  predict(digits: readonly Int32Array[]): readonly Prediction[];
}

/** Runs a piece of work on a model and measures it, so that a model's cost can be reported by itself. */
export type Meter = <Made>(work: () => Made) => Made;

export type StrategyContext = Readonly<{
  space: SearchSpace;
  seed: number;
  meter?: Meter;
  /** What one trial costs, so that a strategy does not compute for longer than a trial takes. Milliseconds. */
  trialCostMs?: number;
  prior?: Prior;
}>;

/**
 * A fold over the log: its state is a function of the context and of the observations in order, and
 * each random draw comes from hash(seed, number of observations). So a strategy that is rebuilt from
 * the store suggests what it would have suggested without the interruption.
 *
 * Most are a rule of `sequentialStrategy` (`sequential.ts`). Every implementation runs `strategy.conformance.ts`.
 */
export interface Strategy {
  observe(observations: readonly Observation[]): void;
  /**
   * Up to `count` different members that have not been observed; fewer only when the space has no
   * more, none when it is exhausted. Does not change state: asked twice, it answers the same.
   */
  suggest(count: number): readonly Suggestion[];
}

export type StrategyFactory = Readonly<{
  name: string;
  /** One line for `--help`. */
  summary: string;
  create(context: StrategyContext): Strategy;
}>;
