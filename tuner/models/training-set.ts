/** Members of a space and what their trials gave: ln(time in µs), or +∞ where there is no time. */
export type TrainingSet = Readonly<{ members: readonly Int32Array[]; logTimes: Float64Array }>;

/** Places of the members that have a time, fastest first. */
export function timedPlaces({ logTimes }: TrainingSet): number[] {
  const places: number[] = [];
  logTimes.forEach((time, place) => {
    if (Number.isFinite(time)) places.push(place);
  });
  return places.sort((a, b) => logTimes[a] - logTimes[b]);
}

/**
 * Times above this ln(time) all count as equally slow: as far above the median as the fastest is below
 * it. A search for the fastest need not know how slow they are, and a model would be fitted mostly to them.
 */
export function slowLimit({ logTimes }: TrainingSet, ranked: readonly number[]): number {
  const fastest = logTimes[ranked[0]];
  const median = logTimes[ranked[ranked.length >> 1]];
  const slowest = logTimes[ranked[ranked.length - 1]];
  return Math.min(slowest, 2 * median - fastest);
}

/** At most `limit` of the ranked: two thirds are the fastest, the rest are spread evenly over the slower ones. */
export function thinned(ranked: readonly number[], limit: number): readonly number[] {
  if (ranked.length <= limit) return ranked;
  const fast = Math.floor((limit * 2) / 3);
  const slower = ranked.slice(fast);
  const step = slower.length / (limit - fast);
  const spread = Array.from({ length: limit - fast }, (_, i) => slower[Math.floor(i * step)]);
  return [...ranked.slice(0, fast), ...spread];
}
