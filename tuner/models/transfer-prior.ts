import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import type { Prediction } from '../../store/trial.ts';
import type { Prior } from '../strategies/_base.ts';
import type { Matrix } from './_base.ts';
import { pairedEncoding } from './encoding.ts';
import { type Forest, fitForest, predictForest } from './forest.ts';
import { slowLimit, type TrainingSet, timedPlaces } from './training-set.ts';

/** One settled trial of another study; ln(time in µs), +∞ where it failed. */
export type TransferredTrial = Readonly<{ configuration: Configuration; logTime: number }>;

const TREES = 50;
const TRIES = 16;
const LEAST_SD = 0.05;

/** Trials of another study as members of these parameters; those with a value unknown here are left out. */
export function trainingSetFrom(
  parameters: readonly Parameter[],
  trials: readonly TransferredTrial[],
): TrainingSet {
  const members: Int32Array[] = [];
  const logTimes: number[] = [];
  for (const { configuration, logTime } of trials) {
    const digits = Int32Array.from(parameters, ({ name, values }) => values.indexOf(configuration[name]));
    if (digits.includes(-1)) continue;
    members.push(digits);
    logTimes.push(logTime);
  }
  return { members, logTimes: Float64Array.from(logTimes) };
}

/**
 * What studies of the same parameters (on another device, at another shape) predict for this space.
 * Each study is scaled so that its median is at 0 and its fastest at −1: a slow device counts as much as
 * a fast one. Undefined where no study has two times.
 */
export function transferPrior(
  parameters: readonly Parameter[],
  studies: readonly TrainingSet[],
  version: string,
): Prior | undefined {
  const usable = studies.filter((study) => timedPlaces(study).length >= 2);
  if (usable.length === 0) return undefined;
  const { encode } = pairedEncoding(parameters);
  const scales = usable.map(scaleOf);
  const meanReach = scales.reduce((sum, { reach }) => sum + reach, 0) / scales.length;
  const targets = usable.flatMap((study, i) => standardized(study, scales[i]));
  const features = encode(usable.flatMap(({ members }) => members));
  const random = randomFor('transfer', version);
  const forest = fitForest(features, Float64Array.from(targets), { trees: TREES, tries: TRIES, random });
  return {
    version,
    predict: (digits) => predictions(forest, encode(digits), meanReach),
  };
}

/** All of ln(time); `reach` is from the fastest to the median, `slow` the limit above which all count as slow. */
type Scale = Readonly<{ median: number; reach: number; slow: number }>;

function scaleOf(study: TrainingSet): Scale {
  const ranked = timedPlaces(study);
  const median = study.logTimes[ranked[ranked.length >> 1]];
  const reach = Math.max(1e-3, median - study.logTimes[ranked[0]]);
  return { median, reach, slow: slowLimit(study, ranked) };
}

/** Failures count as slow. */
function standardized({ logTimes }: TrainingSet, { median, reach, slow }: Scale): number[] {
  return Array.from(logTimes, (time) => (Math.min(time, slow) - median) / reach);
}

function predictions(forest: Forest, features: Matrix, reach: number): Prediction[] {
  const { mean, sd } = predictForest(forest, features);
  return Array.from(mean, (value, i) => ({
    meanLog: value * reach,
    sdLog: Math.max(LEAST_SD, sd[i] * reach),
  }));
}
