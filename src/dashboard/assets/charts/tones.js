/**
 * A function from a time to its place in [0, 1], fastest to slowest, linear in the logarithm of time.
 * @param {readonly number[]} times
 * @returns {(timeUs: number) => number}
 */
export function toneOf(times) {
  const low = Math.log(Math.min(...times));
  const high = Math.log(Math.max(...times));
  return (timeUs) => (high === low ? 0 : (Math.log(timeUs) - low) / (high - low));
}
