import { withFigures } from '../../src/targets/npu/machine/calibration.ts';
import { originsOf } from '../../src/targets/npu/machine/origins.ts';
import {
  drawnFrom,
  type ParameterSet,
  setsWithinRanges,
} from '../../src/targets/npu/machine/parameter-sets.ts';
import type { SimulatedTarget } from '../../src/targets/npu/machine/schema.ts';
import type { Observation } from '../fidelity/observations.ts';
import type { Plan } from './plans.ts';

/** How many of the figures that the observations show are drawn anew in a step: with all of them few steps are accepted. */
const REDRAWN = 2;

/**
 * The figures that a calibration does not fit, within the ranges that the target's file states. One that no observation
 * shows is spread evenly over the kept sets, a Latin hypercube. One that an observation shows takes part in the walk: it
 * is drawn anew now and then, and kept where the observations are still met.
 */
export class Spread {
  readonly #unseen: readonly ParameterSet[];
  readonly #seen: readonly Readonly<{ path: string; value: number; range: readonly [number, number] }>[];

  constructor(
    target: SimulatedTarget,
    nominal: SimulatedTarget,
    plan: Plan,
    observations: readonly Observation[],
    sets: number,
  ) {
    const fitted = new Set(plan.free.map(({ path }) => path));
    const open = [...originsOf(target)].flatMap(([path, { value, range }]) =>
      range === undefined || typeof value !== 'number' || fitted.has(path) ? [] : [{ path, value, range }],
    );
    const isSeen = ({ path, range }: (typeof open)[number]) =>
      observations.some(({ simulate }) => {
        const times = range.map((value) => simulate(withFigures(nominal, { [path]: value })));
        return [...times, simulate(nominal)].some((time) => time !== times[0]);
      });
    this.#seen = open.filter(isSeen);
    const seen = new Set(this.#seen.map(({ path }) => path));
    const unseen = [...originsOf(target)].filter(([path]) => !fitted.has(path) && !seen.has(path));
    this.#unseen = setsWithinRanges(new Map(unseen), sets)?.sets ?? [];
  }

  /** The figures of the next step towards the set with this number, from those of the last step. */
  next(from: ParameterSet, set: number, random: () => number): Record<string, number> {
    const drawn: Record<string, number> = { ...this.#unseen[set] };
    for (const { path, value } of this.#seen) drawn[path] = from[path] ?? value;
    for (let i = 0; i < REDRAWN && this.#seen.length > 0; i++) {
      const { path, range } = this.#seen[Math.floor(random() * this.#seen.length)];
      drawn[path] = drawnFrom(path, range, random());
    }
    return drawn;
  }
}
