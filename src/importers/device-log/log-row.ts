import type { LeftOut } from '../left-out.ts';

/** A time in µs, and by how much its last digit may be off; or cycles of a core whose clock the log does not say. */
export type LogTime = Readonly<{ us: number; resolutionUs: number }> | Readonly<{ cycles: number }>;

/** What a thread did in a call; `start` and `end` are shares of the call's time, 0 to 1. */
export type LogSpan = Readonly<{
  thread: number;
  /** What its name says; `other` where that is none of these. */
  what: 'compute' | 'transfer' | 'other';
  /** In the words of the log: "HVX_COMP". */
  name: string;
  start: number;
  end: number;
}>;

/** What a log tells of the inside of a call; `lacks` says what is missing where it does not tell all. */
export type LogTrace = Readonly<{ spans: readonly LogSpan[] }> &
  (Readonly<{ tells: 'all' }> | Readonly<{ tells: 'computing' | 'nothing'; lacks: string }>);

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
  /** Absent where the log has nothing but the time. */
  trace?: LogTrace;
}>;

/** What a log says. */
export type DeviceLog = Readonly<{
  rows: readonly LogRow[];
  leftOut: readonly LeftOut[];
  /** What was assumed where the log leaves it open. */
  notes: readonly string[];
}>;

/** What is taken for a time, in µs: no clock tells a shorter one, and nobody waits longer for a kernel. */
export const LEAST_US = 0.001;
export const MOST_US = 1e9;
export const OUT_OF_BOUNDS = `its time is not from ${LEAST_US} µs to ${MOST_US / 1e6} s`;

/** By how much a number may be off that was written with these digits. */
export function resolutionOf(written: string): number {
  const [mantissa, exponent = '0'] = written.toLowerCase().split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(exponent) - decimals);
}
