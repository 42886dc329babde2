/**
 * A function from a time to its place in [0, 1], fastest to slowest, linear in the logarithm of time.
 * @param {readonly number[]} times
 * @returns {(timeUs: number) => number}
 */
export function toneOf(times) {
  const low = Math.log(times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY));
  const high = Math.log(times.reduce((most, time) => Math.max(most, time), 0));
  return (timeUs) => (high === low ? 0 : (Math.log(timeUs) - low) / (high - low));
}

/**
 * The colour of a place from the fastest (0) to the slowest (1). The style sheet has both ends, in light and in dark.
 * @param {number} place
 */
export function colourAt(place) {
  return `color-mix(in oklab, var(--slow) ${(100 * place).toFixed(1)}%, var(--fast))`;
}

/**
 * The places of a legend, the fastest first.
 * @param {number} count
 */
export function legendPlaces(count) {
  return Array.from({ length: count }, (_, step) => step / (count - 1));
}
