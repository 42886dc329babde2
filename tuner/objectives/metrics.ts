import type { Metrics } from '../../store/trial.ts';
import { median } from '../measurement/statistics.ts';

/** The name of the time where metrics are named. Microseconds. */
export const TIME = 'time';

/** The most metrics of a sample, and the longest name. */
export const MOST_METRICS = 32;
const LONGEST_NAME = 64;
/** Of what is no metric, so much is named. */
const MOST_NAMED = 4;
const NAME = /^[a-z][\w./%-]*$/i;

/** What a program's answer has besides metrics. */
const RESERVED: ReadonlySet<string> = new Set([TIME, 'timeUs', 'samplesUs', 'unit', 'error', 'reason']);

/** What is wrong with a metric's name, as the end of a sentence; undefined for a good one. */
export function nameProblem(name: string): string | undefined {
  if (RESERVED.has(name)) return 'has a meaning of its own, so it names no metric';
  if (NAME.test(name) && name.length <= LONGEST_NAME) return undefined;
  return `names no metric: that is a letter, then letters, digits and any of _ . / % -, at most ${LONGEST_NAME} in all`;
}

/** The metrics of an answer; what of it is none, and why. */
export type MetricsReading = Readonly<{ metrics?: Metrics; leftOut?: string }>;

/** Every number of an answer but its time is a metric. Other members are left out, as are infinity and NaN: nothing was measured. */
export function readMetrics(answer: Readonly<Record<string, unknown>>): MetricsReading {
  const metrics = new Map<string, number>();
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(answer)) {
    if (RESERVED.has(name)) continue;
    const problem = nameProblem(name) ?? valueProblem(value, metrics.size);
    if (problem === undefined && typeof value === 'number') metrics.set(name, value);
    else leftOut.push(`${name.slice(0, LONGEST_NAME)} ${problem}`);
  }
  return {
    ...(metrics.size > 0 && { metrics: Object.fromEntries(metrics) }),
    ...(leftOut.length > 0 && { leftOut: namedOf(leftOut) }),
  };
}

function namedOf(leftOut: readonly string[]): string {
  const more = leftOut.length - MOST_NAMED;
  return `${leftOut.slice(0, MOST_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function valueProblem(value: unknown, kept: number): string | undefined {
  if (value === null) return 'is null or NaN, so it is not known';
  if (typeof value !== 'number') return `is ${kindOf(value)}, and a metric is a number from 0 on`;
  if (!Number.isFinite(value)) return 'is infinite, so it is not known';
  if (!isMetric(value)) return `is ${value}, and a metric is a number from 0 on`;
  return kept < MOST_METRICS ? undefined : `is one too many: ${MOST_METRICS} metrics are kept`;
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? String(value) : 'a list or an object';
}

export function isMetric(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

/** The median of each metric over the samples that have it, as the time is one; undefined where there is none. */
export function medianMetrics(
  samples: readonly Readonly<{ metrics?: Metrics }>[],
): Readonly<{ metrics?: Metrics }> {
  const values = new Map<string, number[]>();
  for (const { metrics = {} } of samples)
    for (const [name, value] of Object.entries(metrics))
      values.set(name, [...(values.get(name) ?? []), value]);
  if (values.size === 0) return {};
  const names = [...values].map(([name, all]) => [name, median(all)] as const);
  return { metrics: Object.fromEntries(names) };
}
