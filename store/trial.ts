import type { Configuration } from '../search-space/parameter.ts';

/** Why a configuration has no time. The auto-tuning community's words (T4 results format). */
export type InvalidReason = 'timeout' | 'compile' | 'runtime' | 'correctness' | 'constraints';
export const INVALID_REASONS: readonly InvalidReason[] = Object.freeze([
  'timeout',
  'compile',
  'runtime',
  'correctness',
  'constraints',
]);

/** Where a proposal came from: the strategy's name for the move ("random", "default", "start", "neighbour", …). */
export type Origin = string;

/** A prediction is a mean with a spread, never a bare number; both of ln(time in µs). */
export type Prediction = Readonly<{ meanLog: number; sdLog: number }>;

/** A configuration that a strategy wants to see. */
export type Proposal = Readonly<{
  configuration: Configuration;
  /** Subset of mechanisms on whose behalf it was proposed ("scalar", "vec", "vec+mt+db", …). */
  subset: string;
  origin: Origin;
  prediction?: Prediction;
}>;

/** Where the microseconds of a trial went. */
export type Phases = Readonly<Record<string, number>>;

/** A settled fate. */
export type Outcome =
  | Readonly<{ state: 'timed'; timeUs: number; samplesUs: readonly number[]; phases?: Phases }>
  | Readonly<{ state: 'invalid'; reason: InvalidReason; message: string }>;

/**
 * A proposal and its fate. `number` counts settled trials of a study without gaps from 0, so that
 * a strategy's draws do not depend on how often the study was killed. A running or abandoned trial
 * has not taken a number.
 */
export type SettledTrial = Proposal & Outcome & Readonly<{ number: number; settledAt: number }>;
export type UnsettledTrial = Proposal & Readonly<{ state: 'running' | 'abandoned'; startedAt: number }>;
export type Trial = SettledTrial | UnsettledTrial;
