import type { Configuration } from '../../search-space/parameter.ts';
import type { KernelRecord, StoredBest, StudyRecord, TargetRecord } from '../../store/records.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { RobustChoice } from '../answers/best/robust.ts';
import type { ComparedTrial } from '../answers/compared-trials.ts';

/** The results of one kernel at one shape. */
export type TunedShape = Readonly<{
  kernel: KernelRecord;
  best: StoredBest;
  /** The study that `best` comes from. */
  study: StudyRecord;
  /** All its settled trials, in order. */
  trials(): AsyncIterable<SettledTrial>;
  /** Every configuration that its comparisons timed, whether it was a trial or not. */
  compared(): Promise<readonly ComparedTrial[]>;
}>;

/** The configuration to use at shapes that are not listed. */
export type Fallback =
  | Readonly<{ kind: 'robust'; choice: RobustChoice }>
  /** No configuration has a time at every shape: the compiler's default at the first shape. */
  | Readonly<{ kind: 'default'; configuration: Configuration }>;

/** A kernel of one dtype; its shapes are ordered from the smallest. */
export type TunedKernel = Readonly<{
  name: string;
  dtype: string;
  shapes: readonly TunedShape[];
  fallback: Fallback;
}>;

/** Kernels by name and dtype. */
export type TunedTarget = Readonly<{ target: TargetRecord; kernels: readonly TunedKernel[] }>;

/** A file to write; `name` is relative to the output folder. */
export type ExportedFile = Readonly<{ name: string; text: string }>;

/**
 * `notes`: a sentence for each thing that the format cannot express or expresses differently. Formats
 * with comments repeat them in their files.
 */
export type Exported = Readonly<{ files: readonly ExportedFile[]; notes: readonly string[] }>;

/**
 * Turns the best configurations of one target into files that a build reads.
 *
 * The same store gives the same bytes: an exporter reads no clock and does not depend on the order of
 * rows; everything is sorted. Every line ends in a line feed. File names contain the target's name, so
 * that several targets can share a folder.
 *
 * Every implementation runs `exporter.conformance.ts`.
 */
export interface Exporter {
  /** Its name for `--format`. */
  readonly name: string;
  /** A line for `--help`. */
  readonly summary: string;
  /**
   * Throws InputError if two names (`checkDistinct`) or two values (`checkValues`) become the same in this
   * format.
   */
  export(tuned: TunedTarget): Promise<Exported>;
}

export function configurationOf(fallback: Fallback): Configuration {
  return fallback.kind === 'robust' ? fallback.choice.configuration : fallback.configuration;
}
