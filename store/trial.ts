import type { Configuration } from '../search-space/parameter.ts';

/** Why a configuration fails, in the terms of the T4 results format. */
export const FAILURE_REASONS = Object.freeze([
  'timeout',
  'compile',
  'runtime',
  'correctness',
  'constraints',
] as const);

/**
 * Why a trial has no time. 'disturbed' says nothing about the configuration: the machine was too busy to
 * time it, or a tool that builds it did not end by itself, and it may be tried again. All other reasons are failures of the configuration.
 */
export const INVALID_REASONS = Object.freeze([...FAILURE_REASONS, 'disturbed'] as const);
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** The move that made a proposal, as the strategy names it ("random", "default", "start", "neighbour", …). */
export type Origin = string;

/** A prediction: mean and standard deviation of ln(time in µs). */
export type Prediction = Readonly<{ meanLog: number; sdLog: number }>;

/** A configuration that a strategy proposes to time. */
export type Proposal = Readonly<{
  configuration: Configuration;
  /** The subspace that it was proposed for ("scalar", "vec", "vec+mt+db", …). */
  subset: string;
  origin: Origin;
  prediction?: Prediction;
}>;

/** The parts of a trial's time, in microseconds. */
export type Phases = Readonly<Record<string, number>>;

/** What was measured besides the time, by its name: numbers from 0 on. */
export type Metrics = Readonly<Record<string, number>>;

/**
 * The result of a trial. Where the study limits what is measured, a trial over the limit is invalid by
 * 'constraints', and its metrics say what was measured: the time, too, as `time` in microseconds.
 */
export type Outcome =
  | Readonly<{
      state: 'timed';
      timeUs: number;
      samplesUs: readonly number[];
      phases?: Phases;
      metrics?: Metrics;
    }>
  | Readonly<{ state: 'invalid'; reason: InvalidReason; message: string; metrics?: Metrics }>;

/** A proposal with its result, before the store numbers it. */
export type Result = Proposal & Outcome;

/**
 * A proposal and its result. A configuration has at most one result, and any number of disturbed trials
 * before it. `number` counts settled trials of a study without gaps from 0, so that a strategy's draws do
 * not depend on how often the study was killed. Running and abandoned trials have no number.
 */
export type SettledTrial = Result & Readonly<{ number: number; settledAt: number }>;
export type TimedTrial = Extract<SettledTrial, { state: 'timed' }>;
export type UnsettledTrial = Proposal & Readonly<{ state: 'running' | 'abandoned'; startedAt: number }>;
export type Trial = SettledTrial | UnsettledTrial;
