import type { SettledTrial, TimedTrial } from '../../store/trial.ts';

/** Times from which a model is fitted within seconds. */
const MOST = 4096;

/**
 * The timed trials of a study's log, or evenly spread ones of them where it is long: an imported study may
 * hold a million. What is kept follows from the log alone.
 */
export class SpreadTrials {
  #trials: TimedTrial[] = [];
  #settled = 0;
  #timed = 0;
  #step = 1;

  /** @param most that are kept */
  constructor(private readonly most = MOST) {}

  /** How many settled trials were looked at. */
  get settled(): number {
    return this.#settled;
  }

  get trials(): readonly TimedTrial[] {
    return this.#trials;
  }

  add(trial: SettledTrial): void {
    this.#settled += 1;
    if (trial.state !== 'timed') return;
    if (this.#timed % this.#step === 0) this.#trials.push(trial);
    this.#timed += 1;
    if (this.#trials.length <= this.most) return;
    this.#trials = this.#trials.filter((_, place) => place % 2 === 0);
    this.#step *= 2;
  }
}
