import type { SettledTrial } from '../store/trial.ts';
import type { Values } from './objectives/front.ts';
import { type Objective, SHORTEST_TIME, valuesOf } from './objectives/objective.ts';

/**
 * The best trial so far, and how many trials ago it last improved by at least a given gain. Of several objectives the
 * Pareto optima so far: a trial improves them where none of them is as good in everything.
 */
export class Incumbent {
  sinceGain = 0;
  readonly #gain: number;
  readonly #objective: Objective;
  #best: Values[] = [];
  /** What the next gain is measured against. */
  #reference: Values[] = [];

  constructor(gain: number, objective: Objective = SHORTEST_TIME) {
    this.#gain = gain;
    this.#objective = objective;
  }

  /** Whether any trial was timed. */
  get isKnown(): boolean {
    return this.#best.length > 0;
  }

  /** Whether this trial is a new incumbent. */
  observe(trial: SettledTrial): boolean {
    this.sinceGain++;
    const values = trial.state === 'timed' ? valuesOf(this.#objective, trial) : undefined;
    if (values === undefined) return false;
    if (!isMatched(values, this.#reference, 1 + this.#gain)) {
      this.#reference = joined(this.#reference, values);
      this.sinceGain = 0;
    }
    if (isMatched(values, this.#best)) return false;
    this.#best = joined(this.#best, values);
    return true;
  }
}

/** Whether some point is as good in everything, even where the values were so many times as good. */
function isMatched(values: Values, points: readonly Values[], factor = 1): boolean {
  return points.some((point) => point.every((value, i) => value < values[i] * factor || value === values[i]));
}

/** With a point, and without what it is as good as. */
function joined(points: readonly Values[], values: Values): Values[] {
  return [...points.filter((point) => !values.every((value, i) => value <= point[i])), values];
}
