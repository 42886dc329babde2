import type { Proposal, SettledTrial } from '../store/trial.ts';

/** A disturbed trial is repeated after this many other trials, when the machine may be quiet … */
const PAUSE = 8;
/** … until its configuration has had this many trials. */
const MOST_TRIALS = 3;

type Waiting = Readonly<{ proposal: Proposal; trials: number; since: number }>;

/** Which disturbed trials are to be repeated, and when: a fold over the log. */
export class Retries {
  readonly #keyOf: (proposal: Proposal) => string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #decided = new Set<string>();
  #settled = 0;

  constructor(keyOf: (proposal: Proposal) => string) {
    this.#keyOf = keyOf;
  }

  observe(trials: readonly SettledTrial[]): void {
    for (const trial of trials) {
      this.#settled++;
      const key = this.#keyOf(trial);
      const before = this.#waiting.get(key)?.trials ?? 0;
      this.#waiting.delete(key);
      const disturbed = trial.state === 'invalid' && trial.reason === 'disturbed';
      if (!disturbed || before + 1 >= MOST_TRIALS) this.#decided.add(key);
      if (this.#decided.has(key)) continue;
      const { configuration, subset } = trial;
      const proposal = { configuration, subset, origin: 'again' };
      this.#waiting.set(key, { proposal, trials: before + 1, since: this.#settled });
    }
  }

  /** Those that have waited for long enough. */
  due(): readonly Proposal[] {
    return [...this.#waiting.values()]
      .filter(({ since }) => this.#settled - since >= PAUSE)
      .map(({ proposal }) => proposal);
  }

  /** All that wait, for when nothing else is left to try. */
  all(): readonly Proposal[] {
    return [...this.#waiting.values()].map(({ proposal }) => proposal);
  }
}
