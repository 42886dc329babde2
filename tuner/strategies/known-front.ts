import type { Values } from '../objectives/front.ts';
import type { PastTrial } from './history.ts';

/** A trial with values of all objectives. */
export type ValuedTrial = PastTrial & Readonly<{ values: Values }>;

/** The Pareto optima of the trials so far, and after how many trials they last changed. */
export class Front {
  optima: readonly ValuedTrial[] = [];
  grewAt = 0;

  observe(trial: PastTrial, position: number): void {
    const { values } = trial;
    if (values === undefined) return;
    if (this.optima.some((known) => known.values.every((value, i) => value <= values[i]))) return;
    this.optima = [
      ...this.optima.filter((known) => !values.every((value, i) => value <= known.values[i])),
      { ...trial, values },
    ];
    this.grewAt = position;
  }
}

export function hasValues(trial: PastTrial): trial is ValuedTrial {
  return trial.values !== undefined;
}
