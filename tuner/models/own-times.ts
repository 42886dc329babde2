import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import type { Prediction, TimedTrial } from '../../store/trial.ts';
import { pairedEncoding } from './encoding.ts';
import { fitForest, predictForest } from './forest.ts';

const TREES = 50;
const TRIES = 16;

/** Predicts the times of configurations that have a value of each parameter's list. */
export type PredictTimes = (configurations: readonly Configuration[]) => readonly Prediction[];

/** Randomised trees fitted to a study's own times; undefined for fewer than two. */
export function fitOwnTimes(
  parameters: readonly Parameter[],
  timed: readonly TimedTrial[],
  seed: number,
): PredictTimes | undefined {
  const digitsOf = (configuration: Configuration): Int32Array =>
    Int32Array.from(parameters, ({ name, values }) => values.indexOf(configuration[name]));
  const known = timed
    .map(({ configuration, timeUs }) => ({ digits: digitsOf(configuration), timeUs }))
    .filter(({ digits }) => !digits.includes(-1));
  if (known.length < 2) return undefined;
  const { encode } = pairedEncoding(parameters);
  const features = encode(known.map(({ digits }) => digits));
  const logTimes = Float64Array.from(known, ({ timeUs }) => Math.log(timeUs));
  const random = randomFor(seed, 'predict', known.length);
  const forest = fitForest(features, logTimes, { trees: TREES, tries: TRIES, random });
  return (configurations) => {
    const { mean, sd } = predictForest(forest, encode(configurations.map(digitsOf)));
    return configurations.map((_, i) => ({ meanLog: mean[i], sdLog: sd[i] }));
  };
}
