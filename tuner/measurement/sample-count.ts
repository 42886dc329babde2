import type { Sampling } from '../backend.ts';
import { FEWEST_SAMPLES, median, quantile } from './statistics.ts';

/** The default has so many samples: its time is the base of all, and their scatter is the first that is known. */
const OF_DEFAULT = 3;
/** More samples cost other trials, from which the model learns more (docs/notes/search.md). */
const MOST_BY_RANK = 2;
/** A trial must be among this share of its peers, within its deviation, to have another sample. */
const SHARE = 1 / 8;
/** A time is known well enough for a rank at this relative standard deviation. */
const KNOWN = 0.0075;
/** A configuration that is slower than the best by more than so many standard deviations is not the best. */
const DEVIATIONS = 2;

const MOST_FOR_PRECISION = 100;
/** Half the width of a normal 95 % interval of a median, in standard deviations of a sample over √n. */
const HALF_WIDTH = 1.96 * 1.2533;

/** The first trial of a subset, which has no peers yet. */
const OF_FIRST = 2;

/** A trial as it stands: its samples, its time, the relative scatter of one sample, and the times of its peers. */
export type Standing = Readonly<{
  samplesUs: readonly number[];
  isDefault: boolean;
  timeUs: number;
  scatter: number;
  peersUs: readonly number[];
}>;

/** How many samples a trial has for certain, so that they can be asked for at once. */
export function fewestSamples(sampling: Sampling, isDefault: boolean): number {
  switch (sampling.kind) {
    case 'count':
      return sampling.count;
    case 'precision':
      return FEWEST_SAMPLES;
    case 'by rank':
      return isDefault ? OF_DEFAULT : 1;
  }
}

/** Whether a trial has as many samples as it is worth. */
export function hasEnoughSamples(sampling: Sampling, standing: Standing): boolean {
  const count = standing.samplesUs.length;
  switch (sampling.kind) {
    case 'count':
      return count >= sampling.count;
    case 'precision':
      return count >= MOST_FOR_PRECISION || isPrecise(standing.samplesUs, sampling.share);
    case 'by rank':
      return count >= MOST_BY_RANK || !isContender(standing);
  }
}

/** Whether it may be the fastest of its peers, and is not known well enough to tell. */
function isContender({ samplesUs, isDefault, timeUs, scatter, peersUs }: Standing): boolean {
  const count = samplesUs.length;
  if (isDefault) return count < OF_DEFAULT;
  const deviation = scatter / Math.sqrt(count);
  if (deviation <= KNOWN) return false;
  if (peersUs.length === 0) return count < OF_FIRST;
  if (timeUs * Math.exp(-deviation) > quantile(peersUs, SHARE)) return false;
  return timeUs * Math.exp(-DEVIATIONS * deviation) <= Math.min(...peersUs);
}

function isPrecise(samplesUs: readonly number[], share: number): boolean {
  if (samplesUs.length < FEWEST_SAMPLES) return false;
  const middle = median(samplesUs);
  const squares = samplesUs.reduce((sum, sample) => sum + (sample / middle - 1) ** 2, 0);
  const deviation = Math.sqrt(squares / (samplesUs.length - 1));
  return (HALF_WIDTH * deviation) / Math.sqrt(samplesUs.length) <= share;
}
