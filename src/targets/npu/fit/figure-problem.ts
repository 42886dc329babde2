import { shareOf } from '../machine/parameter-sets.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import {
  type Descent,
  descend,
  evaluated,
  type Jacobian,
  jacobianAt,
  jumped,
  type Problem,
} from './least-squares.ts';
import { type LoggedTime, misfitOf } from './logged-times.ts';
import { Machines } from './machines.ts';
import { type FigurePlace, type OpenFigure, valuesAt, wholeStep } from './open-figures.ts';
import type { ShowingRows } from './showing-rows.ts';

/** The weight of a squared distance from where a place is drawn to, where the uncertainty of a time is 1. */
export const PULL = 4;
/** Shares of a range by which figures are moved for differences. A coarse one sees over the steps that whole cycles make. */
const STEPS = [0.1, 0.03, 0.005];
const [MIDDLE, FINE] = [0.03, 0.005];

/** A step that lowers the cost by less than this factor is none. */
const HELPS = 0.99;
/** The figures that some times show, as a sum of squares; the others stay where a place has them. */
export class FigureProblem {
  readonly figures: readonly OpenFigure[];
  readonly #machines: Machines;
  readonly #target: SimulatedTarget;
  readonly #times: readonly LoggedTime[];
  readonly #showing: ShowingRows;
  readonly #scale: number;
  #evaluations = 0;

  /** `scale` is by how much times are less certain than their clock says. */
  constructor(
    target: SimulatedTarget,
    figures: readonly OpenFigure[],
    times: readonly LoggedTime[],
    showing: ShowingRows,
    scale = 1,
  ) {
    this.figures = figures;
    this.#target = target;
    this.#machines = new Machines(target, figures);
    this.#times = times;
    this.#showing = showing;
    this.#scale = scale;
  }

  /** Positions of the figures that any of the times shows. */
  get seen(): readonly number[] {
    return this.#showing.seen;
  }

  /** How many times were simulated. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** The same with less certain times. */
  scaled(scale: number): FigureProblem {
    return new FigureProblem(this.#target, this.figures, this.#times, this.#showing, scale);
  }

  residuals(place: FigurePlace): readonly number[] {
    const machine = this.#machines.at(place);
    this.#evaluations += this.#times.length;
    return this.#times.map((time) => misfitOf(machine, time) / time.uncertainty / this.#scale);
  }

  /** The residuals where one figure moved, of a place whose own are known: only times that show it are simulated. */
  #residualsMoved(place: FigurePlace, known: readonly number[], figure: number): readonly number[] {
    const machine = this.#machines.at(place);
    const moved = known.slice();
    for (const row of this.#showing.rows(figure)) {
      const time = this.#times[row];
      moved[row] = misfitOf(machine, time) / time.uncertainty / this.#scale;
      this.#evaluations++;
    }
    return moved;
  }

  /** The best place near a start; with `held`, that figure stays where the start has it. */
  descend(start: FigurePlace, centre: FigurePlace, held?: number): FigurePlace {
    let place = start;
    for (const step of STEPS) place = this.#along(place, centre, step, 6, held);
    return this.#withJumps(place, centre, held);
  }

  /** An accepted place drawn towards another one; with `held`, that figure stays where the start has it. */
  wander(start: FigurePlace, centre: FigurePlace, held?: number): FigurePlace {
    return this.#along(this.#along(start, centre, MIDDLE, 2, held), centre, FINE, 2, held);
  }

  /** The sum of squares, without what draws a place anywhere. */
  badness(place: FigurePlace): number {
    return this.residuals(place).reduce((sum, r) => sum + r * r, 0);
  }

  /** The derivatives of the residuals by the shares of the seen figures. */
  slopes(place: FigurePlace): Jacobian {
    const problem = this.#problem(place, place, FINE, this.seen);
    return jacobianAt(problem, evaluated(problem, pick(place, this.seen)));
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
      moved: ({ at, residuals }, k, to) =>
        this.#residualsMoved(spread(base, moving, at.with(k, to)), residuals, moving[k]),
      centre: pick(centre, moving),
      pull: PULL,
      steps: moving.map((i) => Math.max(step, Math.min(1, wholeStep(this.figures[i]) ?? 0))),
    };
  }

  /** Tries other values of each figure, where derivatives show little; all others may make up for it. */
  #withJumps(from: FigurePlace, centre: FigurePlace, held?: number): FigurePlace {
    const moving = this.seen.filter((i) => i !== held);
    const problem = this.#problem(from, centre, MIDDLE, moving);
    let best: Descent = evaluated(problem, pick(from, moving));
    let slopes = jacobianAt(problem, best);
    for (const [k, i] of moving.entries()) {
      for (const share of elsewhere(this.figures[i], best.at[k])) {
        const moved = jumped(problem, best, slopes, k, share);
        if (moved.cost >= HELPS * best.cost) continue;
        best = descend(problem, moved.at, 2);
        slopes = jacobianAt(problem, best);
      }
    }
    return spread(from, moving, best.at);
  }
}

/** Where else a figure is tried: at shares of its range, and at the next values of one that counts something. */
const EVENLY = [0, 0.2, 0.4, 0.6, 0.8, 1];

function elsewhere(figure: OpenFigure, share: number): readonly number[] {
  return [...neighbours(figure, share), ...EVENLY];
}

/** The shares of the next values of a figure that counts something; none of another's. */
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
