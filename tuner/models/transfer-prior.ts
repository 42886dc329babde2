import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import { randomFor } from '../../search-space/random.ts';
import type { Prediction } from '../../store/trial.ts';
import type { Prior } from '../strategies/_base.ts';
import type { Matrix } from './_base.ts';
import { pairedEncoding } from './encoding.ts';
import { type Forest, fitForest, predictForest } from './forest.ts';
import { type Known, slowLimit, timedPlaces } from './known.ts';

/** One settled trial of another study; ln(time in µs), +∞ where it failed. */
export type Recalled = Readonly<{ configuration: Configuration; logTime: number }>;

const TREES = 50;
const TRIES = 16;
const LEAST_SD = 0.05;

/** Trials of another study as members of these parameters; those with a value unknown here are left out. */
export function knownFrom(parameters: readonly Parameter[], trials: readonly Recalled[]): Known {
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
 * What other studies of the same parameters (on another device, at another shape) say of this space.
 * Each study is put on one scale, its median at 0 and its fastest at −1, so that a slow device says
 * no more and no less than a quick one. Undefined where no study has two times.
 */
export function transferPrior(
  parameters: readonly Parameter[],
  studies: readonly Known[],
  version: string,
): Prior | undefined {
  const told = studies.filter((study) => timedPlaces(study).length >= 2);
  if (told.length === 0) return undefined;
  const { encode } = pairedEncoding(parameters);
  const scales = told.map(scaleOf);
  const spread = scales.reduce((sum, { reach }) => sum + reach, 0) / scales.length;
  const targets = told.flatMap((study, i) => standardized(study, scales[i]));
  const features = encode(told.flatMap(({ members }) => members));
  const random = randomFor('transfer', version);
  const forest = fitForest(features, Float64Array.from(targets), { trees: TREES, tries: TRIES, random });
  return {
    version,
    predict: (digits) => predictions(forest, encode(digits), spread),
  };
}

type Scale = Readonly<{ median: number; reach: number; slow: number }>;

function scaleOf(study: Known): Scale {
  const ranked = timedPlaces(study);
  const median = study.logTimes[ranked[ranked.length >> 1]];
  const reach = Math.max(1e-3, median - study.logTimes[ranked[0]]);
  return { median, reach, slow: slowLimit(study, ranked) };
}

/** Failures count as slow. */
function standardized({ logTimes }: Known, { median, reach, slow }: Scale): number[] {
  return Array.from(logTimes, (time) => (Math.min(time, slow) - median) / reach);
}

function predictions(forest: Forest, features: Matrix, spread: number): Prediction[] {
  const { mean, sd } = predictForest(forest, features);
  return Array.from(mean, (value, i) => ({
    meanLog: value * spread,
    sdLog: Math.max(LEAST_SD, sd[i] * spread),
  }));
}
