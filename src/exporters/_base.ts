import type { Configuration } from '../../search-space/parameter.ts';
import type { KernelRecord, StoredBest, StudyRecord, TargetRecord } from '../../store/records.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { RobustChoice } from '../answers/best/robust.ts';
import type { ComparedTrial } from '../answers/compared-trials.ts';

/** What a build takes of one kernel at one shape. */
export type TunedShape = Readonly<{
  kernel: KernelRecord;
  best: StoredBest;
  /** The study that `best` comes from. */
  study: StudyRecord;
  /** All its settled trials, in order. */
  trials(): AsyncIterable<SettledTrial>;
  /** What its comparisons timed, whether it was a trial or not. */
  compared(): Promise<readonly ComparedTrial[]>;
}>;

/** What to use at shapes that are not listed. */
export type Fallback =
  | Readonly<{ kind: 'robust'; choice: RobustChoice }>
  /** No configuration has a time at every shape: what the compiler would choose at the first of them. */
  | Readonly<{ kind: 'default'; configuration: Configuration }>;

/** A kernel of one dtype; its shapes stand from the smallest. */
export type TunedKernel = Readonly<{
  name: string;
  dtype: string;
  shapes: readonly TunedShape[];
  fallback: Fallback;
}>;

/** Kernels by name and dtype. */
export type TunedTarget = Readonly<{ target: TargetRecord; kernels: readonly TunedKernel[] }>;

/** A file to write, by its name in the folder that was asked for. */
export type ExportedFile = Readonly<{ name: string; text: string }>;

/**
 * `notes` say what the format cannot express, or gets wrong, a sentence each; the files say it too
 * where their format has comments.
 */
export type Exported = Readonly<{ files: readonly ExportedFile[]; notes: readonly string[] }>;

/**
 * Turns what is best on one target into files that a build reads.
 *
 * The same store gives the same bytes: nothing here may ask for the time or depend on the order of
 * rows; everything is sorted, lines end in a line feed, and the last one does too. File names contain the
 * target's name, so that several targets can share a folder.
 *
 * Every implementation runs `exporter.conformance.ts`.
 */
export interface Exporter {
  /** What `--format` calls it. */
  readonly name: string;
  /** A line for `--help`. */
  readonly summary: string;
  /**
   * Throws InputError where two names become the same in this format (`checkDistinct`), or two values
   * (`checkValues`).
   */
  export(tuned: TunedTarget): Promise<Exported>;
}

export function configurationOf(fallback: Fallback): Configuration {
  return fallback.kind === 'robust' ? fallback.choice.configuration : fallback.configuration;
}
