/**
 * Formats numbers as the terminal and the report do.
 * @param {number} number
 */
export function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param {number} value */
export function decimals(value) {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 99.95) return count(Math.round(value));
  return value.toFixed(Math.abs(value) >= 9.995 ? 1 : 2);
}

/**
 * Microseconds; where they are unknown, the reason in a word or two.
 * @param {number | Readonly<{ unknown: string }> | null | undefined} timeUs
 */
export function micros(timeUs) {
  if (timeUs === null || timeUs === undefined) return '–';
  return typeof timeUs === 'number' ? decimals(timeUs) : timeUs.unknown;
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
  return low === null || high === null
    ? `${decimals(value)}×`
    : `${decimals(value)}× [${decimals(low)}, ${decimals(high)}]`;
}

/** @param {number | null | undefined} milliseconds */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return '';
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
