import type { SettledTrial } from '../../store/trial.ts';
import { median } from './statistics.ts';

/** The scatter that is assumed before it is known. */
const ASSUMED = 0.05;
/** So many pairs tell it. */
const FEWEST_PAIRS = 2;
/** Of the difference of two normal numbers, the median is so many of their standard deviations. */
const MEDIAN_OF_DIFFERENCE = 0.6745 * Math.SQRT2;

/**
 * The relative standard deviation of a sample, from samples of the same configuration one after the other:
 * the median of their differences, so that a disturbed sample hardly counts.
 */
export class Scatter {
  readonly #differences: number[] = [];

  static of(log: readonly SettledTrial[]): Scatter {
    const scatter = new Scatter();
    for (const trial of log)
      if (trial.state === 'timed') scatter.observeTrial(trial.samplesUs, trial.origin === 'default');
    return scatter;
  }

  /** The first sample of a trial may be the reason for the others, so it is left out, unless all have them. */
  observeTrial(samplesUs: readonly number[], isDefault: boolean): void {
    this.observe(isDefault ? samplesUs : samplesUs.slice(1));
  }

  /** Samples of one configuration, in order. Microseconds. */
  observe(samplesUs: readonly number[]): void {
    for (const [place, sample] of samplesUs.slice(1).entries())
      this.#differences.push(Math.abs(Math.log(sample / samplesUs[place])));
  }

  get relative(): number {
    if (this.#differences.length < FEWEST_PAIRS) return ASSUMED;
    return median(this.#differences) / MEDIAN_OF_DIFFERENCE;
  }
}
