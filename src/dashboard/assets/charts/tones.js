/**
 * A place from 0 (fastest) to 1 (slowest) in the logarithm of time, for one hue from strong to pale.
 * @param {readonly number[]} times
 * @returns {(timeUs: number) => number}
 */
export function toneOf(times) {
  const low = Math.log(Math.min(...times));
  const high = Math.log(Math.max(...times));
  return (timeUs) => (high === low ? 0 : (Math.log(timeUs) - low) / (high - low));
}
