import type { Configuration } from '../search-space/parameter.ts';
import type { TargetKind } from '../store/target-kinds.ts';
import type { InvalidReason, Phases, Proposal } from '../store/trial.ts';

/** From what kind of machine a time comes. Simulated results are always labelled so. */
export type Provenance = TargetKind;

/** A proposal made runnable. `handle` belongs to the backend that made it. */
export type Variant = Readonly<{ configuration: Configuration; handle: unknown }>;

export type Failure = Readonly<{ state: 'invalid'; reason: InvalidReason; message: string }>;
/** The outcome of a trial without an undisturbed sample. */
export const DISTURBED = Object.freeze({
  state: 'invalid',
  reason: 'disturbed',
  message: 'no clean sample: the machine was disturbed',
} as const);

export type Prepared = Readonly<{ state: 'ready'; variant: Variant }> | Failure;
export type Verdict = Readonly<{ state: 'correct' }> | Failure;
export type Sample =
  | Readonly<{ state: 'timed'; timeUs: number; phases?: Phases }>
  /** The machine was disturbed, and there is no time. */
  | Readonly<{ state: 'dropped' }>
  | Failure;

/** Variants that stay loaded together, sampled one at a time in the order that the caller chooses. */
export interface TimingSession {
  /** Throws only what is fatal for the study (the backend itself is gone). */
  sample(variant: Variant, round: number): Promise<Sample>;
  /** The surroundings that the session measured: load, share of clean samples, limits. */
  environment(): Readonly<Record<string, string | number | boolean>>;
  close(): Promise<void>;
}

/**
 * What runs variants. A result is checked before its time counts: the protocol calls `prepare`,
 * `verify`, then opens a `session`.
 *
 * Every implementation runs `backend.conformance.ts`.
 */
export interface Backend {
  readonly provenance: Provenance;
  /**
   * 'exact': a time never varies, and round r of a session is the r-th of `rounds` accepted parameter
   * sets (round 0 the nominal one). 'noisy': a real clock.
   */
  readonly timing: Readonly<{ kind: 'exact'; rounds: number }> | Readonly<{ kind: 'noisy' }>;
  /** Trials worth proposing at once: 1 on a real device. */
  readonly batchSize: number;
  /** About what a trial takes, where that is less than fitting a model. Milliseconds. */
  readonly trialCostMs?: number;
  prepare(proposal: Proposal, signal: AbortSignal): Promise<Prepared>;
  verify(variant: Variant, signal: AbortSignal): Promise<Verdict>;
  /** `fresh` asks for a new process, where a backend uses processes. */
  session(
    variants: readonly Variant[],
    signal: AbortSignal,
    options?: Readonly<{ fresh?: boolean }>,
  ): Promise<TimingSession>;
  close(): Promise<void>;
}
