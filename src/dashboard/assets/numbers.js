/**
 * Formats numbers as the terminal and the report do; a test compares them.
 * @param {number} number
 */
export function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param {number} value */
export function decimals(value) {
  return inDigits(value, 0);
}

/**
 * @param {number} value
 * @param {0 | 1} more digits than `decimals`
 */
function inDigits(value, more) {
  if (!Number.isFinite(value)) return '–';
  if (value > 0 && value < 0.0995) return value.toPrecision(3 + more);
  if (Math.abs(value) >= 99.95) return more === 0 ? count(Math.round(value)) : value.toFixed(more);
  return value.toFixed((Math.abs(value) >= 9.995 ? 1 : 2) + more);
}

const BROKEN = [
  // An interval, a number and its unit, "2 of 20,000", a moment.
  /(?<=\[[^\]]*) (?=[^[]*\])/u,
  /(?<=\d) (?=(?:%|µs|ms|s)(?!\p{L}))/u,
  /(?<=\d) (?=of \d)|(?<=\d of) (?=\d)/u,
  /(?<=\d{4}-\d\d-\d\d) (?=\d\d:)|(?<=\d\d:\d\d) (?=UTC)/u,
];
const UNBREAKABLE = new RegExp(BROKEN.map(({ source }) => source).join('|'), 'gu');

/**
 * The same words, without a place to break a line within an interval, a moment, or a number and what it counts.
 * @param {string} text
 */
export function whole(text) {
  return text.replaceAll(UNBREAKABLE, '\u00a0');
}

/**
 * When something was, to the minute, as the terminal writes moments: in UTC.
 * @param {string | number} at
 */
export function moment(at) {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * "8 MiB", "7.46 MiB", "640 KiB", "100 bytes"
 * @param {number} number
 */
export function bytes(number) {
  const [name, size] =
    number >= 2 ** 20 ? ['MiB', 2 ** 20] : number >= 2 ** 10 ? ['KiB', 2 ** 10] : ['bytes', 1];
  const value = number / size;
  return `${Number.isInteger(value) ? count(value) : decimals(value)} ${name}`;
}

/**
 * With one more digit where both ends would read the same and differ.
 * @param {number} low
 * @param {number} high
 */
function ends(low, high) {
  const more = low !== high && decimals(low) === decimals(high) ? 1 : 0;
  return `[${inDigits(low, more)}, ${inDigits(high, more)}]`;
}

const UNITS = [
  { name: 's', us: 1e6 },
  { name: 'ms', us: 1e3 },
  { name: 'µs', us: 1 },
];

/** @typedef {typeof UNITS[number]} Unit */

/**
 * One unit for times that stand together: the largest in which the shortest of them is 10 or more, else µs.
 * @param {readonly (number | Readonly<{ unknown: string }> | null | undefined)[]} timesUs
 * @returns {Unit}
 */
export function unitFor(timesUs) {
  const shortest = timesUs.reduce(
    (/** @type {number} */ least, timeUs) =>
      typeof timeUs === 'number' && timeUs > 0 ? Math.min(least, timeUs) : least,
    Infinity,
  );
  return UNITS.find(({ us }) => shortest >= 10 * us && shortest < Infinity) ?? UNITS[2];
}

/**
 * "0.00285 µs", "283 µs", "3,234 µs", "17.3 ms": in its own unit, or in the one of the times beside it; where it is
 * unknown, the reason in a word or two.
 * @param {number | Readonly<{ unknown: string }> | null | undefined} timeUs
 * @param {Unit} [unit]
 */
export function time(timeUs, unit) {
  if (timeUs === null || timeUs === undefined) return '–';
  if (typeof timeUs !== 'number') return timeUs.unknown;
  const { name, us } = unit ?? unitFor([timeUs]);
  return `${decimals(timeUs / us)} ${name}`;
}

/** @param {Readonly<{ unknown: string }>} figure */
function unknownWord({ unknown }) {
  if (unknown === 'not applicable') return '–';
  return unknown === 'gated by the compiler' ? 'gated' : 'unknown';
}

/**
 * @param {Readonly<{ value: number, low: number | null, high: number | null }>
 *   | Readonly<{ unknown: string, why: string }> | null | undefined} found
 */
export function gain(found) {
  if (found === null || found === undefined) return '–';
  if ('unknown' in found) return unknownWord(found);
  const { value, low, high } = found;
  return low === null || high === null ? `${decimals(value)}×` : `${decimals(value)}× ${ends(low, high)}`;
}

/**
 * The gain over the default for a cell of a table; a dash before a visit has ended, and in words that the default is what
 * to use: a ratio of a time to itself measures nothing.
 * @param {Parameters<typeof gain>[0]} found
 * @param {boolean} isDefaultUsed
 */
export function overDefault(found, isDefaultUsed) {
  const why = found !== null && found !== undefined && 'unknown' in found ? found.unknown : '';
  if (why === 'not tried') return '–';
  return isDefaultUsed && why === 'not applicable' ? 'default is fastest' : gain(found);
}

/** @param {number | null | undefined} milliseconds */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return '';
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
