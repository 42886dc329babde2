import { formatDecimals } from './number-text.ts';

/** A unit that times are shown in, and how many microseconds it has. */
export type TimeUnit = Readonly<{ name: 'µs' | 'ms' | 's'; us: number }>;

const UNITS: readonly TimeUnit[] = Object.freeze([
  { name: 's', us: 1e6 },
  { name: 'ms', us: 1e3 },
  { name: 'µs', us: 1 },
]);

/** In a unit of which the shortest time has fewer, it would lose digits that tell it from others. */
const FEWEST = 10;

/** One unit for times that stand together: the largest in which the shortest of them is 10 or more, else µs. */
export function timeUnitFor(timesUs: readonly number[]): TimeUnit {
  const shortest = timesUs.reduce((least, time) => (time > 0 ? Math.min(least, time) : least), Infinity);
  const found = UNITS.find(({ us }) => shortest >= FEWEST * us && shortest < Infinity);
  return found ?? UNITS[UNITS.length - 1];
}

/** "132,479", "12.9", "0.00285": the time in a unit, without its name. */
export function timeIn({ us }: TimeUnit, timeUs: number): string {
  return formatDecimals(timeUs / us);
}

/** "3,234 µs", "17.3 ms", "2.10 s": in its own unit, or in the one of the times beside it. */
export function formatTimeUs(timeUs: number, unit: TimeUnit = timeUnitFor([timeUs])): string {
  return `${timeIn(unit, timeUs)} ${unit.name}`;
}
