import type { SearchSpace } from '../../search-space/search-space.ts';
import type { TrainingSet } from '../models/training-set.ts';
import type { Observation } from './_base.ts';

/**
 * One settled trial as strategies compute on it. `logTime` is ln(time in µs), +∞ after a failure, NaN
 * after a disturbed trial. `values` are those of several objectives.
 */
export type PastTrial = Readonly<{
  index: number;
  digits: Int32Array;
  logTime: number;
  values?: readonly number[];
}>;

/** The most new trials that are inserted one by one; more are merged, because a million insertions would take minutes. */
const FEW = 16;

/** The log of a study, folded: all that a strategy's state is made of. */
export class History {
  readonly space: SearchSpace;
  readonly trials: PastTrial[] = [];
  #ranked: PastTrial[] = [];
  /** Timed trials that are not ranked yet. */
  #unranked: PastTrial[] = [];
  readonly #indices = new Set<number>();
  /** Places of the trials that were faster than all before them. */
  readonly #gains: number[] = [];
  #fastest = Number.POSITIVE_INFINITY;

  constructor(space: SearchSpace) {
    this.space = space;
  }

  add(observation: Observation): PastTrial {
    const trial: PastTrial = {
      index: observation.index,
      digits: this.space.digitsAt(observation.index),
      logTime: logTimeOf(observation),
      ...('values' in observation && { values: observation.values }),
    };
    this.append(trial);
    return trial;
  }

  append(trial: PastTrial): void {
    if (trial.logTime < this.#fastest) {
      this.#fastest = trial.logTime;
      this.#gains.push(this.length);
    }
    this.trials.push(trial);
    this.#indices.add(trial.index);
    if (Number.isFinite(trial.logTime)) this.#unranked.push(trial);
  }

  /** Timed trials, fastest first; at equal times, the earlier first. */
  get ranked(): readonly PastTrial[] {
    if (this.#unranked.length > FEW) this.#ranked = mergeRanked(this.#ranked, this.#unranked.sort(byTime));
    else for (const trial of this.#unranked) this.#ranked.splice(this.#rankOf(trial.logTime), 0, trial);
    this.#unranked = [];
    return this.#ranked;
  }

  get length(): number {
    return this.trials.length;
  }

  has(index: number): boolean {
    return this.#indices.has(index);
  }

  /** Trials since the fastest was found; all of them while nothing has a time. */
  get sinceBest(): number {
    return this.sinceBestAt(this.length);
  }

  /** The same when the log had this length. */
  sinceBestAt(length: number): number {
    const gain = this.#gains.findLast((place) => place < length);
    return gain === undefined ? length : length - 1 - gain;
  }

  /** How many different members have been observed. */
  get distinct(): number {
    return this.#indices.size;
  }

  #rankOf(logTime: number): number {
    let low = 0;
    let high = this.#ranked.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranked[middle].logTime <= logTime) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function byTime(a: PastTrial, b: PastTrial): number {
  return a.logTime - b.logTime;
}

/** Merges two sorted lists; at equal times, `earlier` trials come first. */
function mergeRanked(earlier: readonly PastTrial[], later: readonly PastTrial[]): PastTrial[] {
  const merged: PastTrial[] = [];
  let next = 0;
  for (const trial of earlier) {
    while (next < later.length && later[next].logTime < trial.logTime) merged.push(later[next++]);
    merged.push(trial);
  }
  while (next < later.length) merged.push(later[next++]);
  return merged;
}

function logTimeOf(observation: Observation): number {
  if (observation.state === 'timed') return Math.log(observation.timeUs);
  return observation.reason === 'disturbed' ? Number.NaN : Number.POSITIVE_INFINITY;
}

/** What models learn from: every trial but the disturbed ones. */
export function trainingSetOf(trials: readonly PastTrial[]): TrainingSet {
  const decided = trials.filter(({ logTime }) => !Number.isNaN(logTime));
  return {
    members: decided.map(({ digits }) => digits),
    logTimes: Float64Array.from(decided, ({ logTime }) => logTime),
  };
}
