import type { Sampling } from '../../../tuner/backend.ts';
import type { Unit } from '../../programs/reading.ts';
import type { Template } from './template.ts';

/** The source of a time: printed by the program, or the duration of the program. */
export const TIME_SOURCES = Object.freeze(['output', 'duration'] as const);
export type TimeSource = (typeof TIME_SOURCES)[number];

/** What is known of a build that was made for a C file (`--c`). */
export type CBuild = Readonly<{
  /** The file, as the user named it. */
  file: string;
  /** Texts that each build finds as files of these names in its folder. */
  given: Readonly<Record<string, string>>;
  /** How many extents of the shape the kernel takes. */
  extents: number;
}>;

/** A user's way to measure one configuration. */
export type DeviceProgram = Readonly<{
  argv: Template;
  /** How the build came from a C file; absent where the user wrote the build. */
  c?: CBuild;
  /** Makes the configuration's files in its folder `{build}`; executed before anything is measured. */
  build?: Template;
  /** Exits with 0 if the configuration computes the right result; executed once for each configuration. */
  check?: Template;
  /** Whether the program stays: it reads a configuration a line and answers a line. */
  serves?: true;
  timeoutMs: number;
  /** The unit of a plain number in the output. */
  unit: Unit;
  /** If absent: output, or duration for a program that prints nothing. */
  timeSource?: TimeSource;
  /** How often a configuration is executed. If absent: as often as its rank needs. */
  sampling?: Sampling;
  /** Executions of a configuration that do not count, before those that do. */
  warmUps?: number;
}>;
