import { z } from 'zod';
import { isTime } from '../../tuner/measurement/time-range.ts';
import { type MetricsReading, readMetrics } from '../../tuner/objectives/metrics.ts';
import { lastLine } from '../text/last-line.ts';
import { parseJson } from '../text/parse-json.ts';

/** The time in the last line of a program's output, with what else was measured; silent if it printed nothing. */
export type Reading =
  | (Readonly<{ state: 'time'; timeUs: number }> & MetricsReading)
  | Readonly<{ state: 'silent' }>
  /** `lacks`: what the line would need to be a time, if that is known. */
  | Readonly<{ state: 'unreadable'; line: string; lacks?: string }>;

const MICROSECONDS = Object.freeze({ ns: 1e-3, us: 1, ms: 1e3, s: 1e6 });
export type Unit = keyof typeof MICROSECONDS;
export const UNITS = Object.freeze(['ns', 'us', 'ms', 's'] as const satisfies readonly Unit[]);

const positive = z.number().positive();
const document = z.union([
  z.looseObject({ timeUs: positive }).transform(({ timeUs }) => timeUs),
  z
    .looseObject({ time: positive, unit: z.enum(UNITS) })
    .transform(({ time, unit }) => time * MICROSECONDS[unit]),
]);

/** Reads `{"timeUs": 12.5}`, `{"time": 12.5, "unit": "ms"}` or a number in `unit` from the last line. */
export function readTime(output: string, unit: Unit): Reading {
  const line = lastLine(output);
  if (line === '') return { state: 'silent' };
  const timeUs = line.startsWith('{') ? documentTime(line) : numberTime(line, unit);
  if (timeUs !== undefined && isTime(timeUs)) return withMetrics(line, timeUs);
  const lacks = line.startsWith('{') ? lackOf(line) : undefined;
  return { state: 'unreadable', line, ...(lacks !== undefined && { lacks }) };
}

/** Every further number of a line of JSON is a metric. */
function withMetrics(line: string, timeUs: number): Reading {
  if (!line.startsWith('{')) return { state: 'time', timeUs };
  return { state: 'time', timeUs, ...readMetrics(members.parse(parseJson('answer', line))) };
}

const members = z.record(z.string(), z.unknown());
const withError = z.looseObject({ error: z.string() });

/** Whether a line is an answer of a program that stays: a time, or an error. */
export function isAnswer(line: string): boolean {
  if (documentTime(line) !== undefined || numberTime(line, 'us') !== undefined) return true;
  try {
    return withError.safeParse(parseJson('answer', line)).success;
  } catch {
    return false;
  }
}

function documentTime(line: string): number | undefined {
  try {
    return document.safeParse(parseJson('time', line)).data;
  } catch {
    return undefined;
  }
}

const withTime = z.looseObject({ time: positive, unit: z.unknown().optional() });

/** What is wrong with the unit of a line that has a time. */
function lackOf(line: string): string | undefined {
  try {
    const { data } = withTime.safeParse(parseJson('time', line));
    if (data === undefined) return undefined;
    const units = `one of ${UNITS.join(', ')}, as in {"time": ${data.time}, "unit": "ms"}`;
    if (data.unit === undefined) return `has no unit: ${units}`;
    if (UNITS.some((unit) => unit === data.unit)) return undefined;
    return `has an unknown unit, ${JSON.stringify(data.unit)}: ${units}`;
  } catch {
    return undefined;
  }
}

function numberTime(line: string, unit: Unit): number | undefined {
  const time = positive.safeParse(Number(line)).data;
  return time === undefined ? undefined : time * MICROSECONDS[unit];
}
