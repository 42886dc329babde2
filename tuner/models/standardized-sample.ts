import type { Matrix } from './_base.ts';
import type { Encoding } from './encoding.ts';
import { moments } from './matrix.ts';
import { slowLimit, type TrainingSet, thinned, timedPlaces } from './training-set.ts';
import type { Trend } from './trend.ts';

/**
 * What a Gaussian process is fitted to: ln(time) less the trend, scaled to zero mean and unit variance.
 * `mean` and `sd` undo the scaling.
 */
export type StandardizedSample = Readonly<{
  members: readonly Int32Array[];
  features: Matrix;
  targets: Float64Array;
  mean: number;
  sd: number;
}>;

/** A Gaussian process costs the cube of its rows. */
const MOST_ROWS = 120;

/** At least one member must have a time. */
export function standardizedSampleOf(
  trials: TrainingSet,
  encoding: Encoding,
  trend: Trend,
): StandardizedSample {
  const ranked = timedPlaces(trials);
  const limit = slowLimit(trials, ranked);
  const places = thinned(ranked, MOST_ROWS);
  const members = places.map((place) => trials.members[place]);
  const expected = trend(members);
  const residuals = Float64Array.from(
    places,
    (place, i) => Math.min(limit, trials.logTimes[place]) - expected[i],
  );
  const { mean, sd } = moments(residuals);
  const scale = Math.max(sd, 1e-6);
  return {
    members,
    features: encoding.encode(members),
    targets: residuals.map((residual) => (residual - mean) / scale),
    mean,
    sd: scale,
  };
}
