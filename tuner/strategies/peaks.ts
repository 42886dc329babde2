import type { PastTrial } from './history.ts';

const MOST_PEAKS = 8;
/** Peaks differ in more parameters than this. */
const LEAST_CHANGES = 2;

/**
 * The fastest trial, and each next fastest that is far from all before it: each may be the start of another way down.
 * The optimum need not be near the fastest trial so far.
 */
export function peaksOf(ranked: readonly PastTrial[]): readonly PastTrial[] {
  const peaks: PastTrial[] = [];
  for (const trial of ranked) {
    if (peaks.every((peak) => changesBetween(peak.digits, trial.digits) > LEAST_CHANGES)) peaks.push(trial);
    if (peaks.length === MOST_PEAKS) break;
  }
  return peaks;
}

/** In how many parameters two members differ. */
export function changesBetween(a: Int32Array, b: Int32Array): number {
  return a.reduce((sum, digit, place) => sum + (digit === b[place] ? 0 : 1), 0);
}
