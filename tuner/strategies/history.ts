import type { SearchSpace } from '../../search-space/search-space.ts';
import type { Known } from '../models/known.ts';
import type { Observation } from './_base.ts';

/**
 * One settled trial as strategies compute on it. `logTime` is ln(time in µs), +∞ after a failure, NaN
 * after a disturbed trial.
 */
export type Seen = Readonly<{ index: number; digits: Int32Array; logTime: number }>;

/** The log of a study, folded: everything a strategy's state is made of. */
export class History {
  readonly space: SearchSpace;
  readonly seen: Seen[] = [];
  /** The timed ones, fastest first; of equals, the earlier first. */
  readonly ranked: Seen[] = [];
  readonly #indices = new Set<number>();

  constructor(space: SearchSpace) {
    this.space = space;
  }

  add(observation: Observation): Seen {
    const seen: Seen = {
      index: observation.index,
      digits: this.space.digitsAt(observation.index),
      logTime: logTimeOf(observation),
    };
    this.append(seen);
    return seen;
  }

  append(seen: Seen): void {
    this.seen.push(seen);
    this.#indices.add(seen.index);
    if (Number.isFinite(seen.logTime)) this.ranked.splice(this.#placeOf(seen.logTime), 0, seen);
  }

  get length(): number {
    return this.seen.length;
  }

  has(index: number): boolean {
    return this.#indices.has(index);
  }

  /** Trials since the fastest was found; all of them while nothing has a time. */
  get still(): number {
    const [fastest] = this.ranked;
    return fastest === undefined ? this.length : this.length - 1 - this.seen.lastIndexOf(fastest);
  }

  /** How many different members have been observed. */
  get distinct(): number {
    return this.#indices.size;
  }

  #placeOf(logTime: number): number {
    let low = 0;
    let high = this.ranked.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranked[middle].logTime <= logTime) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function logTimeOf(observation: Observation): number {
  if (observation.state === 'timed') return Math.log(observation.timeUs);
  return observation.reason === 'disturbed' ? Number.NaN : Number.POSITIVE_INFINITY;
}

/** What models learn from: a disturbed trial teaches nothing. */
export function knownOf(seen: readonly Seen[]): Known {
  const told = seen.filter(({ logTime }) => !Number.isNaN(logTime));
  return {
    members: told.map(({ digits }) => digits),
    logTimes: Float64Array.from(told, ({ logTime }) => logTime),
  };
}
