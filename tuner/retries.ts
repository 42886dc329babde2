import type { Proposal, SettledTrial } from '../store/trial.ts';

/** A disturbed trial is repeated after this many other trials, when the machine may be quiet … */
const PAUSE = 8;
/** … until its configuration has had this many trials of a visit. */
const MOST_TRIALS = 3;

type Waiting = Readonly<{ proposal: Proposal; trials: number; since: number }>;

/**
 * Which disturbed trials are to be repeated, and when: a fold over the log. What an earlier visit gave up is tried
 * again at the beginning of the next: the machine may be quiet by then, and its tools may work.
 */
export class Retries {
  readonly #keyOf: (proposal: Proposal) => string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #decided = new Set<string>();
  /** How many trials the visit found in the log. */
  readonly #visitStart: number;
  #settled = 0;

  constructor(keyOf: (proposal: Proposal) => string, visitStart: number) {
    this.#keyOf = keyOf;
    this.#visitStart = visitStart;
  }

  observe(trials: readonly SettledTrial[]): void {
    for (const trial of trials) {
      this.#settled++;
      const key = this.#keyOf(trial);
      const isEarlier = trial.number < this.#visitStart;
      const trials = isEarlier ? 0 : (this.#waiting.get(key)?.trials ?? 0) + 1;
      this.#waiting.delete(key);
      const disturbed = trial.state === 'invalid' && trial.reason === 'disturbed';
      if (!disturbed || trials >= MOST_TRIALS) this.#decided.add(key);
      if (this.#decided.has(key)) continue;
      const { configuration, subset } = trial;
      const proposal = { configuration, subset, origin: 'again' };
      const since = isEarlier ? Number.NEGATIVE_INFINITY : this.#settled;
      this.#waiting.set(key, { proposal, trials, since });
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
