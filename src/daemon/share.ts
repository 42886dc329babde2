/** What the slices of a study have brought so far. */
export type Yield = Readonly<{ slices: number; meanGain: number }>;

export const NO_YIELD: Yield = Object.freeze({ slices: 0, meanGain: 0 });

/** Old gains count for less: a study that has stopped improving gives way. */
const MEMORY = 0.6;

/** The claim of a study that was never visited: above all others, whose gain is 1 at most. */
const FIRST = 100;

/** After a slice that took the best from one time to another (microseconds; infinite before anything was timed). */
export function afterSlice({ slices, meanGain }: Yield, beforeUs: number, afterUs: number): Yield {
  const gain = Number.isFinite(afterUs) ? Math.min(1, Math.log(beforeUs / afterUs)) : 0;
  return { slices: slices + 1, meanGain: slices === 0 ? gain : MEMORY * meanGain + (1 - MEMORY) * gain };
}

/**
 * Who gets the next slice: more to the study with more to gain, none is starved. The recent gain a
 * slice plus the upper confidence bound of UCB1 (Auer, Cesa-Bianchi, Fischer 2002), so that every
 * study's turn comes; a study that was never visited goes first.
 */
export function claim({ slices, meanGain }: Yield, allSlices: number): number {
  if (slices === 0) return FIRST;
  return meanGain + Math.sqrt((0.1 * Math.log(1 + allSlices)) / slices);
}
