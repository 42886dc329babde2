import type { SettledTrial } from '../store/trial.ts';

/** The fastest trial so far, and how many trials ago it last improved by at least a given gain. */
export class Incumbent {
  sinceGain = 0;
  readonly #gain: number;
  #timeUs = Number.POSITIVE_INFINITY;
  /** The time that the next gain is measured against. */
  #referenceUs = Number.POSITIVE_INFINITY;

  constructor(gain: number) {
    this.#gain = gain;
  }

  /** Whether any trial was timed. */
  get isKnown(): boolean {
    return Number.isFinite(this.#timeUs);
  }

  /** Whether this trial is the new incumbent. */
  observe(trial: SettledTrial): boolean {
    this.sinceGain++;
    if (trial.state !== 'timed') return false;
    if (trial.timeUs * (1 + this.#gain) <= this.#referenceUs) {
      this.#referenceUs = trial.timeUs;
      this.sinceGain = 0;
    }
    if (trial.timeUs >= this.#timeUs) return false;
    this.#timeUs = trial.timeUs;
    return true;
  }
}
