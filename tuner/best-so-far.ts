import type { SettledTrial } from '../store/trial.ts';

/** The fastest trial so far, and how long ago it last got better by more than a given gain. */
export class BestSoFar {
  timeUs = Number.POSITIVE_INFINITY;
  sinceGain = 0;
  readonly #gain: number;
  #reference = Number.POSITIVE_INFINITY;

  constructor(gain: number) {
    this.#gain = gain;
  }

  /** Whether this trial is the new best. */
  observe(trial: SettledTrial): boolean {
    this.sinceGain++;
    if (trial.state !== 'timed') return false;
    if (trial.timeUs * (1 + this.#gain) <= this.#reference) {
      this.#reference = trial.timeUs;
      this.sinceGain = 0;
    }
    if (trial.timeUs >= this.timeUs) return false;
    this.timeUs = trial.timeUs;
    return true;
  }
}
