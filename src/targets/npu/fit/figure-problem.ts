import { withFigures } from '../machine/calibration.ts';
import { shareOf } from '../machine/parameter-sets.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { type Descent, descend, type Jacobian, jacobianAt, type Problem } from './least-squares.ts';
import { type LoggedTime, misfits } from './logged-times.ts';
import { type FigurePlace, type OpenFigure, valuesAt, wholeStep } from './open-figures.ts';

/** The weight of a squared distance from where a place is drawn to, where the uncertainty of a time is 1. */
const PULL = 4;
/** Shares of a range by which figures are moved for differences, from coarse to fine. */
const [COARSE, MIDDLE, FINE] = [0.1, 0.03, 0.005];

/** Whole figures are gone through at most so often; a step that lowers the cost by less than this factor is none. */
const MOST_PASSES = 4;
const HELPS = 0.99;

/** Which figures take part: positions, or those that show at any of some places. */
type FigureChoice = Readonly<{
  seen?: readonly number[];
  places?: readonly FigurePlace[];
  scale?: number;
}>;

/** The figures that some times show, as a sum of squares; the others stay where a place has them. */
export class FigureProblem {
  readonly figures: readonly OpenFigure[];
  /** Positions of the figures that any of the times shows. */
  readonly seen: readonly number[];
  readonly #target: SimulatedTarget;
  readonly #machines: Machines;
  readonly #times: readonly LoggedTime[];
  readonly #scale: number;

  /** `scale` is by how much times are less certain than their clock says. */
  constructor(
    target: SimulatedTarget,
    figures: readonly OpenFigure[],
    times: readonly LoggedTime[],
    { seen, places = [], scale = 1 }: FigureChoice,
  ) {
    this.figures = figures;
    this.#machines = new Machines(target);
    this.#target = target;
    this.#times = times;
    this.#scale = scale;
    this.seen = seen ?? this.#seenFrom(places);
  }

  /** The same with less certain times. */
  scaled(scale: number): FigureProblem {
    return new FigureProblem(this.#target, this.figures, this.#times, { seen: this.seen, scale });
  }

  residuals(place: FigurePlace): readonly number[] {
    const machine = this.#machines.at(valuesAt(this.figures, place));
    return misfits(machine, this.#times).map((off, i) => off / this.#times[i].uncertainty / this.#scale);
  }

  /** The best place near a start, in steps that become finer; with `held`, that figure stays where the start has it. */
  descend(start: FigurePlace, centre: FigurePlace, held?: number): FigurePlace {
    const coarse = this.#along(start, centre, COARSE, 6, held);
    const middle = this.#along(coarse, centre, MIDDLE, 6, held);
    return this.#withWholeSteps(this.#along(middle, centre, FINE, 8, held), centre, held);
  }

  /** An accepted place drawn towards another one; with `held`, that figure stays where the start has it. */
  wander(start: FigurePlace, centre: FigurePlace, held?: number): FigurePlace {
    return this.#along(start, centre, FINE, 3, held);
  }

  /** The sum of squares, without what draws a place anywhere. */
  badness(place: FigurePlace): number {
    return this.residuals(place).reduce((sum, r) => sum + r * r, 0);
  }

  /** The derivatives of the residuals by the shares of the seen figures. */
  slopes(place: FigurePlace): Jacobian {
    const problem = this.#problem(place, place, FINE, this.seen);
    return jacobianAt(problem, this.#at(problem, place, this.seen));
  }

  #along(
    start: FigurePlace,
    centre: FigurePlace,
    step: number,
    iterations: number,
    held?: number,
  ): FigurePlace {
    const moving = this.seen.filter((i) => i !== held);
    const problem = this.#problem(start, centre, step, moving);
    return spread(start, moving, descend(problem, pick(start, moving), iterations).at);
  }

  #problem(base: FigurePlace, centre: FigurePlace, step: number, moving: readonly number[]): Problem {
    return {
      residuals: (at) => this.residuals(spread(base, moving, at)),
      centre: pick(centre, moving),
      pull: PULL,
      steps: moving.map((i) => wholeStep(this.figures[i]) ?? step),
    };
  }

  #at({ residuals }: Problem, place: FigurePlace, moving: readonly number[]): Descent {
    const at = pick(place, moving);
    return { at, residuals: residuals(at), cost: 0 };
  }

  /** Tries one more and one less of what counts something, where derivatives show little, until that helps no more. */
  #withWholeSteps(from: FigurePlace, centre: FigurePlace, held?: number): FigurePlace {
    const moving = this.seen.filter((i) => i !== held);
    const problem = this.#problem(from, centre, FINE, moving);
    let best = descend(problem, pick(from, moving), 0);
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const before = best.cost;
      const slopes = jacobianAt(problem, best);
      for (const [k, i] of moving.entries()) {
        for (const share of neighbours(this.figures[i], best.at[k])) {
          const moved = descend(problem, best.at.with(k, share), 2, slopes);
          if (moved.cost < HELPS * best.cost) best = descend(problem, moved.at, 2);
        }
      }
      if (best.cost > HELPS * before) break;
    }
    return spread(from, moving, best.at);
  }

  /** The figures whose value changes a time at any of some places. */
  #seenFrom(places: readonly FigurePlace[]): readonly number[] {
    const found = new Set<number>();
    for (const place of places) {
      const base = this.residuals(place);
      for (const i of place.keys()) {
        if (found.has(i)) continue;
        const shows = [0, 0.5, 1].some((share) =>
          this.residuals(place.with(i, share)).some((r, row) => r !== base[row]),
        );
        if (shows) found.add(i);
      }
    }
    return [...found].sort((a, b) => a - b);
  }
}

/** How many computing machines are kept. */
const MOST_KEPT = 1000;

/** Machines at values of figures. Those that compute alike share their loop bodies, whatever else differs. */
class Machines {
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

/** The shares of a whole figure's next values; none of another's. */
export function neighbours(figure: OpenFigure, share: number): readonly number[] {
  if (wholeStep(figure) === undefined) return [];
  const { path, range } = figure;
  const value = valuesAt([figure], [share])[path];
  return [value - 1, value + 1]
    .filter((next) => range[0] <= next && next <= range[1])
    .map((next) => shareOf(range, next));
}

function pick(place: FigurePlace, positions: readonly number[]): readonly number[] {
  return positions.map((i) => place[i]);
}

function spread(place: FigurePlace, positions: readonly number[], shares: readonly number[]): FigurePlace {
  const moved = place.slice();
  for (const [k, i] of positions.entries()) moved[i] = shares[k];
  return moved;
}
