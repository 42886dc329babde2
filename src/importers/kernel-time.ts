import { isTime } from '../../tuner/measurement/time-range.ts';

/** From here on, what older Kernel Tuners write for a failure; in their milliseconds. */
const FAILED_FROM = 1e20;

/** What a number that stands for a time means. */
export type TimeReading =
  | Readonly<{ kind: 'time'; timeUs: number }>
  /** The tuner could not time the configuration. */
  | Readonly<{ kind: 'failed'; message: string }>
  | Readonly<{ kind: 'none'; problem: string }>;

/**
 * A time in units of `scale` microseconds. NaN (null by now), an infinite one and 1e20 stand for a failure of
 * the configuration; 0, a negative one and anything else are no times.
 */
export function readKernelTime(value: unknown, scale: number): TimeReading {
  if (value === null) return { kind: 'failed', message: 'its time is no number' };
  if (typeof value !== 'number') return { kind: 'none', problem: `${JSON.stringify(value)} is no time` };
  if (value >= FAILED_FROM || value === Number.NEGATIVE_INFINITY)
    return { kind: 'failed', message: `its time is ${value}` };
  const timeUs = value * scale;
  return isTime(timeUs) ? { kind: 'time', timeUs } : { kind: 'none', problem: `${value} is no time` };
}

export type Samples = Readonly<{ samplesUs: readonly number[]; dropped: number }>;

/** The samples that are times, in microseconds, and how many others there are; none without a scale. */
export function readSamples(samples: unknown, scale: number | undefined): Samples {
  const all: readonly unknown[] = Array.isArray(samples) ? samples : samples === undefined ? [] : [samples];
  if (scale === undefined) return { samplesUs: [], dropped: 0 };
  const samplesUs: number[] = [];
  for (const sample of all)
    if (typeof sample === 'number' && isTime(sample * scale)) samplesUs.push(sample * scale);
  return { samplesUs, dropped: all.length - samplesUs.length };
}
