import type { Unit } from './reading.ts';
import type { Template } from './template.ts';

/** Where a time comes from: the program prints it, or it is how long the program took. */
export const TIME_SOURCES = Object.freeze(['output', 'duration'] as const);
export type TimeSource = (typeof TIME_SOURCES)[number];

/** A user's way to measure one configuration. */
export type DeviceProgram = Readonly<{
  argv: Template;
  /** Exits with 0 where the configuration computes the right thing; executed once a configuration. */
  check?: Template;
  timeoutMs: number;
  /** Of a plain number in the output. */
  unit: Unit;
  /** Absent: output, or duration for a program that prints nothing. */
  timeSource?: TimeSource;
}>;
