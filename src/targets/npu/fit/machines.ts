import { withFigures } from '../machine/calibration.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { type FigurePlace, type OpenFigure, valuesAt } from './open-figures.ts';

/** How many computing machines are kept. */
const MOST_KEPT = 1000;

/** Machines at places of figures. Those that compute alike share their loop bodies, whatever else differs. */
export class Machines {
  readonly #target: SimulatedTarget;
  readonly #figures: readonly OpenFigure[];
  readonly #computing: readonly string[];
  readonly #known = new Map<string, SimulatedTarget>();

  constructor(target: SimulatedTarget, figures: readonly OpenFigure[]) {
    this.#target = target;
    this.#figures = figures;
    this.#computing = figures.flatMap(({ path }) => (/^(ops|vector)\./.test(path) ? [path] : []));
  }

  at(place: FigurePlace): SimulatedTarget {
    const others = valuesAt(this.#figures, place);
    const computing: Record<string, number> = {};
    for (const path of this.#computing) {
      computing[path] = others[path];
      delete others[path];
    }
    return withFigures(this.#alike(computing), others);
  }

  #alike(computing: Readonly<Record<string, number>>): SimulatedTarget {
    const key = Object.values(computing).join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    const made = withFigures(this.#target, computing);
    this.#known.set(key, made);
    return made;
  }
}
