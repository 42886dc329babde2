import type { Configuration, Mechanism } from '../search-space/parameter.ts';
import type { TargetKind } from '../store/target-kinds.ts';
import type { InvalidReason, Metrics, Phases, Proposal, SettledTrial } from '../store/trial.ts';
import type { CodeEffects } from './attribution/code-effects.ts';
import type { Causes } from './attribution/gain.ts';

/** From what kind of machine a time comes. Simulated results are always labelled so. */
export type Provenance = TargetKind;

/** A proposal made runnable. `handle` belongs to the backend that made it. */
export type Variant = Readonly<{ configuration: Configuration; handle: unknown }>;

export type Failure = Readonly<{ state: 'invalid'; reason: InvalidReason; message: string }>;
export type Prepared = Readonly<{ state: 'ready'; variant: Variant }> | Failure;
export type Verdict = Readonly<{ state: 'correct' }> | Failure;
export type Sample =
  | Readonly<{ state: 'timed'; timeUs: number; phases?: Phases; metrics?: Metrics }>
  /** The machine was disturbed, by what `message` says where that is known, and there is no time. */
  | Readonly<{ state: 'dropped'; message?: string }>
  | Failure;

/** The outcome of a trial without an undisturbed sample. */
export function disturbed(
  { message }: Extract<Sample, { state: 'dropped' }> = { state: 'dropped' },
): Failure {
  const found = message ?? 'no clean sample: the machine was disturbed';
  return { state: 'invalid', reason: 'disturbed', message: found };
}

/** The backend cannot work, or no longer: one sentence with what to do. No configuration is to blame. */
export class BackendGone extends Error {
  override readonly name = 'BackendGone';
}

/**
 * How often a noisy clock is read for a trial, where each reading is an execution that takes its time.
 * - by rank: as often as it takes to tell whether it is among the best;
 * - count: so often;
 * - precision: until the interval of its median is within this share of it on both sides.
 */
export type Sampling =
  | Readonly<{ kind: 'by rank' }>
  | Readonly<{ kind: 'count'; count: number }>
  | Readonly<{ kind: 'precision'; share: number }>;

/** A sample of a configuration: the `number`-th of its trial, whose number in the study is `trial`. */
export type SampleOfTrial = Readonly<{ configuration: Configuration; trial: number; number: number }>;

/** Several devices of one kind, which measure at the same time. */
export interface SideBySide {
  /** How many there are now: so many rounds are worth having under way. */
  count(): number;
  /**
   * A sample by whichever device is free, or why the configuration cannot be made ready for one; undefined if the signal
   * aborts first. Asked for again with the same numbers, after an interruption, it is the same one. Throws BackendGone only.
   */
  sample(asked: SampleOfTrial, signal: AbortSignal): Promise<Sample | Unready | undefined>;
  /** A sample of each, one after the other on one device: so a device's own speed is in all of them. Nothing if the signal aborts first. */
  round(variants: readonly Variant[], round: number, signal: AbortSignal): Promise<readonly Sample[]>;
}

/** There is no variant to sample. */
export type Unready = Readonly<{ state: 'unready'; failure: Failure }>;

/** Variants that stay loaded together, sampled one at a time in the order that the caller chooses. */
export interface TimingSession {
  /** A failure is the sampled variant's own. Throws BackendGone only. */
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
   * sets (round 0 the nominal one). 'noisy': a real clock; with `sampling` where each sample is an execution
   * of its own, else samples are cheap and taken in rounds.
   */
  readonly timing:
    | Readonly<{
        kind: 'exact';
        rounds: number;
        /**
         * The time of a member of the space, nominal unless in a round, microseconds; absent where only a trial can tell it,
         * undefined before `prefetch` has made its code.
         */
        computed?(configuration: Configuration, round?: number): number | undefined;
        /** What else is known of a member of the space without a trial. */
        metrics?(configuration: Configuration): Metrics;
        /** What the nominal gain of a mechanism consists of, from one member of the space to another. */
        explain?(
          mechanism: Mechanism,
          sides: Readonly<{ before: Configuration; after: Configuration }>,
        ): Causes;
      }>
    | Readonly<{ kind: 'noisy'; sampling?: Sampling }>;
  /** Where several devices measure: a study's samples and rounds are asked for at the same time. */
  readonly sideBySide?: SideBySide;
  /** Trials worth proposing at once: 1 on a real device. */
  readonly batchSize: number;
  /** About what a trial takes, where that is less than fitting a model. Milliseconds. */
  readonly trialCostMs?: number;
  /** Told the study's settled trials before all else, where times depend on how earlier ones were taken. */
  recall?(log: readonly SettledTrial[]): void;
  /** What a reader of the results should know of how they were measured, a sentence each. */
  notes?(): readonly string[];
  /** What parameters did to the code that was made so far; absent where code is not compared. */
  effects?(): CodeEffects;
  /**
   * Told of configurations that are prepared soon, before any is timed: what can be done for several at once. `told`
   * hears how many files are left to compile, where that is known.
   */
  prefetch?(
    configurations: readonly Configuration[],
    signal: AbortSignal,
    told?: (files: number) => void,
  ): Promise<void>;
  prepare(proposal: Proposal, signal: AbortSignal): Promise<Prepared>;
  verify(variant: Variant, signal: AbortSignal): Promise<Verdict>;
  /** `fresh` asks for a new process, where a backend uses processes. */
  session(
    variants: readonly Variant[],
    signal: AbortSignal,
    options?: Readonly<{ fresh?: boolean }>,
  ): Promise<TimingSession>;
  /** What the machine can do at most, measured now; absent where a backend does not know. */
  limits?(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** Whether a session that is `fresh` starts a process: so where samples are cheap, and not executions of their own. */
export function isInProcesses(timing: Backend['timing']): boolean {
  return timing.kind === 'noisy' && timing.sampling === undefined;
}
