/** The slowest colour is that of this part of the times, and of all slower ones: else a few very slow ones take half the scale. */
const CLIPPED = 0.5;

/**
 * The ends of a scale of times.
 * @param {readonly number[]} times
 * @returns {Readonly<{ least: number, most: number, isClipped: boolean }>}
 */
export function endsOf(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const [least, most] = [sorted[0] ?? 0, sorted[Math.floor(CLIPPED * (sorted.length - 1))] ?? 0];
  const last = sorted.at(-1) ?? 0;
  // Two colours would say less than the whole range.
  return most > least ? { least, most, isClipped: most < last } : { least, most: last, isClipped: false };
}

/**
 * A function from a time to its place in [0, 1], fastest to slowest, linear in the logarithm of time.
 * @param {readonly number[]} times
 * @returns {(timeUs: number) => number}
 */
export function toneOf(times) {
  const { least, most } = endsOf(times);
  const [low, high] = [Math.log(least), Math.log(most)];
  return (timeUs) => (high === low ? 0 : Math.min(1, (Math.log(timeUs) - low) / (high - low)));
}

/**
 * The colour of a place from the fastest (0) to the slowest (1). The style sheet has the ends and the middle, in light and in dark.
 * @param {number} place
 */
export function colourAt(place) {
  // Straight from one end to the other would pass grey, which reads as missing.
  const [from, to, part] = place < 0.5 ? ['fast', 'middle', 2 * place] : ['middle', 'slow', 2 * place - 1];
  return `color-mix(in oklab, var(--${to}) ${(100 * part).toFixed(1)}%, var(--${from}))`;
}

/**
 * The places of a legend, the fastest first.
 * @param {number} count
 */
export function legendPlaces(count) {
  return Array.from({ length: count }, (_, step) => step / (count - 1));
}
