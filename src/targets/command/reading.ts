import { z } from 'zod';
import { isTime } from '../../../tuner/measurement/time-range.ts';
import { lastLine } from '../../text/last-line.ts';
import { parseJson } from '../../text/parse-json.ts';

/** The time in the last line of a program's output; silent if it printed nothing. */
export type Reading =
  | Readonly<{ state: 'time'; timeUs: number }>
  | Readonly<{ state: 'silent' }>
  | Readonly<{ state: 'unreadable'; line: string }>;

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
  return timeUs === undefined || !isTime(timeUs) ? { state: 'unreadable', line } : { state: 'time', timeUs };
}

function documentTime(line: string): number | undefined {
  try {
    return document.safeParse(parseJson('time', line)).data;
  } catch {
    return undefined;
  }
}

function numberTime(line: string, unit: Unit): number | undefined {
  const time = positive.safeParse(Number(line)).data;
  return time === undefined ? undefined : time * MICROSECONDS[unit];
}
