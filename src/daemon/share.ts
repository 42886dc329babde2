/** How much a study's slices have improved its best time so far. */
export type Yield = Readonly<{ slices: number; meanGain: number }>;

export const NO_YIELD: Yield = Object.freeze({ slices: 0, meanGain: 0 });

/** Weight of the mean of earlier gains against the latest: a study that stopped improving loses its claim. */
const MEMORY = 0.6;

/** The claim of a study without a slice: above all others, whose gain is at most 1. */
const FIRST = 100;

/** Counts a slice in which the best time fell from `beforeUs` to `afterUs`; infinite before the first time. */
export function afterSlice({ slices, meanGain }: Yield, beforeUs: number, afterUs: number): Yield {
  const gain = Number.isFinite(afterUs) ? Math.min(1, Math.log(beforeUs / afterUs)) : 0;
  return { slices: slices + 1, meanGain: slices === 0 ? gain : MEMORY * meanGain + (1 - MEMORY) * gain };
}

/**
 * The study with the highest claim gets the next slice: its recent gain a slice plus the upper
 * confidence bound of UCB1 (Auer, Cesa-Bianchi, Fischer 2002), so that no study starves. A study without
 * a slice goes first.
 */
export function claim({ slices, meanGain }: Yield, allSlices: number): number {
  if (slices === 0) return FIRST;
  return meanGain + Math.sqrt((0.1 * Math.log(1 + allSlices)) / slices);
}
