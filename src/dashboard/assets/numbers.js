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

/** @param {number | null | undefined} timeUs */
export function micros(timeUs) {
  return timeUs === null || timeUs === undefined ? '–' : decimals(timeUs);
}

/**
 * @param {Readonly<{ value: number, low: number | null, high: number | null }>
 *   | Readonly<{ unknown: string, why: string }> | null | undefined} found
 */
export function gain(found) {
  if (found === null || found === undefined) return '–';
  if ('unknown' in found) return found.unknown === 'not applicable' ? '–' : 'unknown';
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
