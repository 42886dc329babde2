import { InputError } from '../../search-space/input-error.ts';

const MICROSECONDS: ReadonlyMap<string, number> = new Map([
  ...['nanoseconds', 'nanosecond', 'nsec', 'ns'].map((word) => [word, 1e-3] as const),
  // Both the micro sign and the Greek letter mu.
  ...['microseconds', 'microsecond', 'usec', 'us', '\u00b5s', '\u03bcs'].map((word) => [word, 1] as const),
  // Published files have it with one l.
  ...['milliseconds', 'millisecond', 'miliseconds', 'msec', 'ms'].map((word) => [word, 1e3] as const),
  ...['seconds', 'second', 'sec', 's'].map((word) => [word, 1e6] as const),
]);

/** The number of microseconds in a unit of time; undefined for an unknown unit. */
export function microsecondsOf(unit: string): number | undefined {
  return MICROSECONDS.get(unit.trim().toLowerCase());
}

/** The number of microseconds in a unit of time. Throws InputError for an unknown unit. */
export function microsecondsIn(unit: string, field: string): number {
  const found = microsecondsOf(unit);
  if (found !== undefined) return found;
  throw new InputError(
    field,
    `'${unit}' is no unit of time`,
    'nanoseconds, microseconds, milliseconds or seconds',
  );
}
