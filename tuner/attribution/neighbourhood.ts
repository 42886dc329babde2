import type { Configuration } from '../../search-space/parameter.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { plainEncoding } from '../models/encoding.ts';
import type { Estimate } from '../models/forest.ts';
import { GaussianProcess } from '../models/gaussian-process.ts';
import { fitScales } from '../models/kernel-scales.ts';
import { standardizedSampleOf } from '../models/standardized-sample.ts';
import { NO_TREND } from '../models/trend.ts';
import type { Study } from '../study-definition.ts';

/** Fewer trials tell nothing of what lies between them. */
const FEWEST_TRIALS = 6;

/** ln(time) of members of a space, with its spread. */
export type Smoothed = (configurations: readonly Configuration[]) => Estimate;

/**
 * What all trials of a study together tell of a configuration's time, be it tried or not: a Gaussian process knows how
 * much a trial scatters, and which parameters matter. Undefined where there are too few trials.
 */
export function smoothedBy(
  log: readonly SettledTrial[],
  { space }: Pick<Study, 'space'>,
): Smoothed | undefined {
  const timed = log.flatMap((trial) => {
    if (trial.state !== 'timed') return [];
    const index = space.indexOf(trial.configuration);
    return index < 0 ? [] : [{ member: space.digitsAt(index), logTime: Math.log(trial.timeUs) }];
  });
  if (timed.length < FEWEST_TRIALS) return undefined;
  const encoding = plainEncoding(space.parameters);
  const trials = {
    members: timed.map(({ member }) => member),
    logTimes: Float64Array.from(timed, ({ logTime }) => logTime),
  };
  const { features, targets, mean, sd } = standardizedSampleOf(trials, encoding, NO_TREND);
  const process = new GaussianProcess(features, targets, fitScales(features, targets));
  return (configurations) => {
    const members = configurations.map((configuration) => space.digitsAt(space.indexOf(configuration)));
    const found = process.predict(encoding.encode(members));
    return { mean: found.mean.map((value) => mean + sd * value), sd: found.sd.map((value) => sd * value) };
  };
}
