import type { Matrix } from './_base.ts';
import type { Encoding } from './encoding.ts';
import { moments } from './matrix.ts';
import type { Trend } from './trend.ts';

/** Members and what became of them: ln(time in µs), or +∞ where there is no time. */
export type Known = Readonly<{ members: readonly Int32Array[]; logTimes: Float64Array }>;

/** Places of the members that have a time, fastest first. */
export function timedPlaces({ logTimes }: Known): number[] {
  const places: number[] = [];
  logTimes.forEach((time, place) => {
    if (Number.isFinite(time)) places.push(place);
  });
  return places.sort((a, b) => logTimes[a] - logTimes[b]);
}

/**
 * Above this ln(time) all are called slow: as far above the median as the fastest is below it. How
 * slow is of no use to one who looks for the fastest, and would drown the rest.
 */
export function slowLimit({ logTimes }: Known, ranked: readonly number[]): number {
  const fastest = logTimes[ranked[0]];
  const median = logTimes[ranked[ranked.length >> 1]];
  const slowest = logTimes[ranked[ranked.length - 1]];
  return Math.min(slowest, 2 * median - fastest);
}

/** A sample small enough for a Gaussian process; what the trend leaves, at zero mean and unit variance. */
export type Sample = Readonly<{ features: Matrix; targets: Float64Array; mean: number; sd: number }>;

const SAMPLE_ROWS = 120;

export function sampleOf(known: Known, encoding: Encoding, trend: Trend): Sample {
  const ranked = timedPlaces(known);
  const limit = slowLimit(known, ranked);
  const places = thinned(ranked, SAMPLE_ROWS);
  const members = places.map((place) => known.members[place]);
  const expected = trend(members);
  const times = Float64Array.from(places, (place, i) => Math.min(limit, known.logTimes[place]) - expected[i]);
  const { mean, sd } = moments(times);
  const scale = Math.max(sd, 1e-6);
  return {
    features: encoding.encode(members),
    targets: times.map((time) => (time - mean) / scale),
    mean,
    sd: scale,
  };
}

/** At most `limit` of the ranked: the fastest as two thirds, and the rest evenly from all the slower ones. */
export function thinned(ranked: readonly number[], limit: number): readonly number[] {
  if (ranked.length <= limit) return ranked;
  const fast = Math.floor((limit * 2) / 3);
  const slower = ranked.slice(fast);
  const step = slower.length / (limit - fast);
  const spread = Array.from({ length: limit - fast }, (_, i) => slower[Math.floor(i * step)]);
  return [...ranked.slice(0, fast), ...spread];
}
