import type { Baseline } from './baseline.ts';
import type { Scatter } from './scatter.ts';
import { median } from './statistics.ts';

/** Trials between two readings of the default: often enough for what warms up, rarely enough to cost little. */
const EVERY = 6;
/** Readings that tell how fast the machine is now. */
const RECENT = 3;
/** The standard deviation of a median over that of a mean, for normal numbers. */
const MEDIAN_OVER_MEAN = 1.2533;
/** Smaller differences, in standard deviations, are taken for scatter. */
const DEVIATIONS = 2;

/** How much slower the machine is than at the study's beginning, from executions of the default now and then. */
export class Drift {
  readonly #readingsUs: number[] = [];
  #trials = 0;

  /** Whether it is time to execute the default. */
  get isDue(): boolean {
    return this.#trials >= EVERY;
  }

  /** The same for trials that are proposed at once, by their numbers in the study: whether one of them is an `EVERY`-th. */
  static isDueWithin(from: number, to: number): boolean {
    return Math.floor(to / EVERY) > Math.floor(from / EVERY);
  }

  countTrial(): void {
    this.#trials++;
  }

  /** A reading of the default, undefined where it failed; returns it with the one before. Microseconds. */
  read(timeUs: number | undefined): readonly number[] {
    this.#trials = 0;
    if (timeUs === undefined) return [];
    this.#readingsUs.push(timeUs);
    if (this.#readingsUs.length > RECENT) this.#readingsUs.shift();
    return this.#readingsUs.slice(-2);
  }

  /**
   * The factor from a time now to one at the study's beginning: 1 unless the readings differ from the
   * default's own trial by more than scatter explains.
   */
  correction(baseline: Pick<Baseline, 'timeUs' | 'samples'>, scatter: Pick<Scatter, 'relative'>): number {
    const count = this.#readingsUs.length;
    if (count === 0) return 1;
    const ratio = baseline.timeUs / median(this.#readingsUs);
    const spread = Math.sqrt(1 / count + 1 / baseline.samples);
    const deviation = scatter.relative * MEDIAN_OVER_MEAN * spread;
    return Math.abs(Math.log(ratio)) > DEVIATIONS * deviation ? ratio : 1;
  }
}
