import { withFigures } from '../machine/calibration.ts';
import type { SimulatedTarget } from '../machine/schema.ts';

/** How many computing machines are kept. */
const MOST_KEPT = 1000;

/** Machines at values of figures. Those that compute alike share their loop bodies, whatever else differs. */
export class Machines {
  readonly #target: SimulatedTarget;
  readonly #computing = new Map<string, SimulatedTarget>();

  constructor(target: SimulatedTarget) {
    this.#target = target;
  }

  at(values: Readonly<Record<string, number>>): SimulatedTarget {
    const [computing, others] = [true, false].map((isComputing) =>
      Object.entries(values).filter(([path]) => /^(ops|vector)\./.test(path) === isComputing),
    );
    const key = computing.map(([, value]) => value).join(' ');
    const known = this.#computing.get(key);
    const base = known ?? withFigures(this.#target, Object.fromEntries(computing));
    if (this.#computing.size >= MOST_KEPT) this.#computing.clear();
    if (known === undefined) this.#computing.set(key, base);
    return withFigures(base, Object.fromEntries(others));
  }
}
