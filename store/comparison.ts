import type { Configuration } from '../search-space/parameter.ts';
import type { Metrics } from './trial.ts';

/**
 * Interleaved rounds over several variants, stored whole. Gains and intervals come only from here.
 *
 * - 'sampled': a round is one pass over all variants on a real machine in random order; a null is a
 *   sample that was dropped (the machine was disturbed).
 * - 'ensemble': a round is one accepted parameter set of a simulated machine; round 0 is the
 *   nominal one. A single round means a target that does not say how well its figures are known.
 */
export type Comparison = Readonly<{
  kind: 'sampled' | 'ensemble';
  variants: readonly Readonly<{ label: string; configuration: Configuration }>[];
  /** roundsUs[round][variant], microseconds. */
  roundsUs: readonly (readonly (number | null)[])[];
  /** How many of the rounds, in their order, each fresh process gave; absent where there were no processes. */
  roundsByProcess?: readonly number[];
  /** True where it ended before all had been timed that are simpler than its choice and may be as fast. */
  isCut?: boolean;
  /** The metrics of each variant, medians of its samples; absent where none has any. */
  metrics?: readonly (Metrics | null)[];
  comparedAt: number;
  /** The backend's record of the session: load, share of clean samples, processes, machine limits. */
  environment: Readonly<Record<string, string | number | boolean>>;
}>;
