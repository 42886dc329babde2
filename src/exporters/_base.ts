import type { Configuration } from '../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import type {
  KernelRecord,
  KernelTitle,
  StoredBest,
  StudyRecord,
  TargetRecord,
} from '../../store/records.ts';
import type { Metrics, SettledTrial } from '../../store/trial.ts';
import type { OrUnknown } from '../../tuner/attribution/gain.ts';
import type { RobustChoice } from '../answers/best/robust.ts';
import type { TimeInterval } from '../answers/best/time-interval.ts';
import type { VerifiedBest } from '../answers/best/verified.ts';
import type { ComparedTrial } from '../answers/compared-trials.ts';
import type { IntervalSource } from '../targets/npu/machine/parameter-sets.ts';

/** The result of one kernel at one shape. */
export type TunedShape = Readonly<{
  kernel: KernelRecord;
  best: StoredBest;
  /** The target under whose fingerprint it was found. */
  target: TargetRecord;
  /** The study that `best` comes from. */
  study: StudyRecord;
  /** The interval of the time, µs. */
  interval: OrUnknown<TimeInterval>;
  intervalFrom: IntervalSource | null;
  /** Absent where nothing but the time was measured. */
  metrics?: Metrics;
  /** Absent where it was not verified. */
  verified?: VerifiedBest;
  /** The id of the last visit to the study; null if it has none. */
  visit: number | null;
}>;

/** A study with all that it tried. */
export type TunedStudy = Readonly<{
  /** The kernel's title, as lists show it. */
  title: KernelTitle;
  kernel: KernelRecord;
  target: TargetRecord;
  study: StudyRecord;
  /** Its own best; undefined if nothing could be timed. */
  best: StoredBest | undefined;
  /** All its settled trials, in order. */
  trials(): AsyncIterable<SettledTrial>;
  /** Every configuration that its comparisons timed, whether it was a trial or not. */
  compared(): Promise<readonly ComparedTrial[]>;
}>;

/** The configuration to use at shapes that are not listed. */
export type Fallback =
  | Readonly<{ kind: 'robust'; choice: RobustChoice }>
  /** The default of the first shape's study, and why there is nothing better. */
  | Readonly<{ kind: 'default'; configuration: Configuration; why: string }>;

/** A kernel of one dtype; its shapes are ordered from the smallest. */
export type TunedKernel = Readonly<{
  name: string;
  dtype: string;
  shapes: readonly TunedShape[];
  fallback: Fallback;
}>;

/** All that is known under a target's name; kernels by name and dtype. */
export type TunedTarget = Readonly<{
  /** The latest target of the name. */
  target: TargetRecord;
  kernels: readonly TunedKernel[];
  /** Every study under the name, of whatever fingerprint, sorted by kernel, shape and id. */
  studies: readonly TunedStudy[];
  /** A sentence for each result that is left out, with the reason. */
  leftOut: readonly string[];
}>;

/**
 * A file to write; `name` is relative to the output folder. Where that is a name that others' files have, too,
 * `mark` is a text by which one of ours is known: a file without it is not replaced.
 */
export type ExportedFile = Readonly<{ name: string; text: string; mark?: string }>;

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
  /** Answers are written for targets that have any; studies for all. */
  readonly writes: 'answers' | 'studies';
  /**
   * Throws InputError if two names (`checkDistinct`) or two values (`checkValues`) become the same in this
   * format.
   */
  export(tuned: TunedTarget): Promise<Exported>;
}

/** Turns the answers of all targets into files that they share. The same store gives the same bytes. */
export type StoreExporter = Readonly<{
  name: string;
  summary: string;
  export(all: readonly TunedTarget[]): Exported;
}>;

/** What a format writes under one name: a shape's configuration, or that for any other shape. */
export type Branch = Readonly<{
  /** Null for any other shape. */
  shape: TunedShape | null;
  configuration: Configuration;
  /** The space that says which parameters have an effect; for any other shape that of the first one. */
  space: SpaceDefinition;
}>;

/** The shapes of a kernel in order, then the branch for any other shape. */
export function branchesOf({ shapes, fallback }: TunedKernel): readonly Branch[] {
  return [
    ...shapes.map((shape) => ({
      shape,
      configuration: shape.best.configuration,
      space: shape.study.space,
    })),
    { shape: null, configuration: configurationOf(fallback), space: shapes[0].study.space },
  ];
}

export function configurationOf(fallback: Fallback): Configuration {
  return fallback.kind === 'robust' ? fallback.choice.configuration : fallback.configuration;
}
