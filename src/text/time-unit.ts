import { InputError } from '../../search-space/input-error.ts';

const MICROSECONDS: ReadonlyMap<string, number> = new Map([
  ...['nanoseconds', 'nanosecond', 'nsec', 'ns'].map((word) => [word, 1e-3] as const),
  // The micro sign and the Greek letter look alike.
  ...['microseconds', 'microsecond', 'usec', 'us', '\u00b5s', '\u03bcs'].map((word) => [word, 1] as const),
  // With one l, as published files have it.
  ...['milliseconds', 'millisecond', 'miliseconds', 'msec', 'ms'].map((word) => [word, 1e3] as const),
  ...['seconds', 'second', 'sec', 's'].map((word) => [word, 1e6] as const),
]);

/** Microseconds in one unit of time; undefined for a word that names none. */
export function microsecondsOf(unit: string): number | undefined {
  return MICROSECONDS.get(unit.trim().toLowerCase());
}

/** The same. Throws InputError for a word that names none. */
export function microsecondsIn(unit: string, field: string): number {
  const found = microsecondsOf(unit);
  if (found !== undefined) return found;
  throw new InputError(
    field,
    `'${unit}' is no unit of time`,
    'nanoseconds, microseconds, milliseconds or seconds',
  );
}
