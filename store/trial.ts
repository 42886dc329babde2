import type { Configuration } from '../search-space/parameter.ts';

/** Why a configuration fails: the auto-tuning community's words (T4 results format). */
export const FAILURE_REASONS = Object.freeze([
  'timeout',
  'compile',
  'runtime',
  'correctness',
  'constraints',
] as const);

/**
 * Why a trial has no time. After 'disturbed' nothing is known of the configuration: the machine was too
 * busy to time it, and it may be tried again. All others are the configuration's own failures.
 */
export const INVALID_REASONS = Object.freeze([...FAILURE_REASONS, 'disturbed'] as const);
export type InvalidReason = (typeof INVALID_REASONS)[number];

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

/** A proposal with its fate, before the store gives it a number. */
export type Result = Proposal & Outcome;

/**
 * A proposal and its fate. Of a configuration there is one, and any number of disturbed trials before it.
 * `number` counts settled trials of a study without gaps from 0, so that a strategy's draws do not depend
 * on how often the study was killed. A running or abandoned trial has not taken a number.
 */
export type SettledTrial = Result & Readonly<{ number: number; settledAt: number }>;
export type UnsettledTrial = Proposal & Readonly<{ state: 'running' | 'abandoned'; startedAt: number }>;
export type Trial = SettledTrial | UnsettledTrial;
