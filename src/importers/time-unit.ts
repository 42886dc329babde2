import { InputError } from '../../search-space/input-error.ts';

const MICROSECONDS: Readonly<Record<string, number>> = Object.freeze({
  nanoseconds: 1e-3,
  ns: 1e-3,
  microseconds: 1,
  us: 1,
  µs: 1,
  milliseconds: 1e3,
  // As published files have it.
  miliseconds: 1e3,
  ms: 1e3,
  seconds: 1e6,
  s: 1e6,
});

/** Microseconds in one unit of time. Throws InputError for a word that names none. */
export function microsecondsIn(unit: string, field: string): number {
  const word = unit.toLowerCase();
  if (Object.hasOwn(MICROSECONDS, word)) return MICROSECONDS[word];
  throw new InputError(
    field,
    `'${unit}' is no unit of time`,
    'nanoseconds, microseconds, milliseconds or seconds',
  );
}
