import type { LeftOut } from '../left-out.ts';

/** A time in µs, and by how much its last digit may be off; or cycles of a core whose clock the log does not say. */
export type LogTime = Readonly<{ us: number; resolutionUs: number }> | Readonly<{ cycles: number }>;

/** One timing of a device's log, in the words of the log. */
export type LogRow = Readonly<{
  /** "device.csv, line 3" */
  place: string;
  kernel: string;
  shape?: string;
  dtype?: string;
  /** "threads=4": the target's default has the other values. */
  set: readonly string[];
  time: LogTime;
}>;

/** What a log says. */
export type DeviceLog = Readonly<{
  rows: readonly LogRow[];
  leftOut: readonly LeftOut[];
  /** What was assumed where the log leaves it open. */
  notes: readonly string[];
}>;

/** By how much a number may be off that was written with these digits. */
export function resolutionOf(written: string): number {
  const [mantissa, exponent = '0'] = written.toLowerCase().split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(exponent) - decimals);
}
