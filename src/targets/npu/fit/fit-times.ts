import { randomFor } from '../../../../search-space/random.ts';
import { originsOf } from '../machine/origins.ts';
import { setsWithinRanges, shareOf } from '../machine/parameter-sets.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { FigureProblem, neighbours } from './figure-problem.ts';
import { type Jacobian, normalMatrix, solved } from './least-squares.ts';
import type { LoggedTime } from './logged-times.ts';
import {
  type FigurePlace,
  inseparable,
  type OpenFigure,
  openFigures,
  ownPlace,
  valuesAt,
  wholeStep,
} from './open-figures.ts';

/** What times of a device say about the open figures of a target. */
export type TimesFit = Readonly<{
  figures: readonly OpenFigure[];
  /** Positions of the figures that the times show. */
  seen: readonly number[];
  /** Places that explain the times about as well as the best. The first has the file's own figures where it may. */
  places: readonly FigurePlace[];
  /** How many descents from different places ended where the times are explained. */
  descents: number;
  /** How the times change with the seen figures at the first place. */
  slopes: Jacobian;
  /** By how much the times are less certain than their clock says; undefined where there are too few to say. */
  scale: number | undefined;
}>;

/**
 * A figure is fixed where no accepted value differs from the best by more than this. It is then told as known to 5 %: what
 * was accepted is only what was found.
 */
const FOUND_WITHIN = 0.04;
export const FIXED_WITHIN = 0.05;
/** The factor by which the challenge of a figure moves it: just beyond. */
const BEYOND = 1.001 * (1 + FOUND_WITHIN);
/** With fewer descents that explain the times, there may be quite other explanations: nothing is said to be fixed. */
export const LEAST_DESCENTS = 3;
/** How many of the places that look best at first are descended from. */
const DESCENTS = 12;
/** At how many drawn places it is looked whether a figure shows: what bounds nothing at one may do so at another. */
const LOOKED_AT = 4;
/** From how many accepted places the challenge of a figure starts. */
const CHALLENGERS = 4;
/** How many places are drawn within the stated ranges. */
const PLACES = 40;

/**
 * Finds the figures that explain some times, and how else they could be explained. Random places within the stated ranges
 * (a Latin hypercube) start descents; from the best of them others are drawn towards each of these places, as far as the
 * times allow. A figure that seems fixed is challenged: it is moved, and all others may make up for it.
 */
export function fitTimes(target: SimulatedTarget, times: readonly LoggedTime[]): TimesFit {
  const figures = openFigures(target);
  const own = ownPlace(figures);
  const drawn = drawnPlaces(target, figures);
  const places = [own, ...drawn.slice(0, LOOKED_AT)];
  const clockOnly = new FigureProblem(target, figures, times, { places });
  if (clockOnly.seen.length === 0)
    return { figures, seen: [], places: [own], descents: 0, slopes: [], scale: undefined };
  const starts = [own, ...drawn]
    .sort((a, b) => clockOnly.badness(a) - clockOnly.badness(b))
    .slice(0, DESCENTS);
  const found = starts.map((place) => clockOnly.descend(place, place));
  const first = least(clockOnly, found);
  const scale = scaleOf(clockOnly, first);
  const problem = clockOnly.scaled(Math.max(1, scale ?? 1));
  const accepted = new Accepted(problem, first, times.length);
  // What no time shows is as in the file.
  accepted.prefer(first.map((share, i) => (problem.seen.includes(i) ? share : own[i])));
  accepted.prefer(problem.descend(own, own));
  const descents = found.filter((place) => accepted.add(place)).length;
  for (const [i, place] of drawn.entries()) accepted.add(problem.wander(accepted.any(i), place));
  if (descents >= LEAST_DESCENTS) for (const i of problem.seen) challenge(problem, accepted, i);
  const slopes = problem.slopes(accepted.all[0]);
  return { figures, seen: problem.seen, places: accepted.all, descents, slopes, scale };
}

function least(problem: FigureProblem, places: readonly FigurePlace[]): FigurePlace {
  return places.reduce((best, place) => (problem.badness(place) < problem.badness(best) ? place : best));
}

/** A sum of squares that exceeds the least by at most this is accepted: for one figure that is three standard deviations. */
const MOST_WORSE = 9;
/** A place may be this much worse than the best, in uncertainties of each time, and be nearer to the file's own figures. */
const AS_GOOD = 0.25;

/** Places that explain the times about as well as the best one. */
class Accepted {
  readonly #problem: FigureProblem;
  readonly #times: number;
  readonly #least: number;
  readonly #places: FigurePlace[];

  constructor(problem: FigureProblem, best: FigurePlace, times: number) {
    this.#problem = problem;
    this.#times = times;
    this.#least = problem.badness(best);
    this.#places = [best];
  }

  /** Puts a place first that is about as good as the best. */
  prefer(place: FigurePlace): void {
    if (this.#problem.badness(place) <= this.#least + AS_GOOD * this.#times) this.#places.unshift(place);
  }

  /** Whether the place explains the times; then it is kept. */
  add(place: FigurePlace): boolean {
    const explains = this.#problem.badness(place) <= this.#least + MOST_WORSE;
    if (explains) this.#places.push(place);
    return explains;
  }

  any(seed: number): FigurePlace {
    return this.#places[Math.floor(randomFor('accepted', seed)() * this.#places.length)];
  }

  /** The best place, and others evenly from those that were accepted. */
  spread(count: number): readonly FigurePlace[] {
    const every = Math.max(1, Math.floor(this.#places.length / count));
    return this.#places.filter((_, i) => i % every === 0).slice(0, count);
  }

  get all(): readonly FigurePlace[] {
    return this.#places;
  }
}

/** Moves a figure that seems fixed. What is accepted shows that it is not. */
function challenge(problem: FigureProblem, accepted: Accepted, i: number): void {
  const figure = problem.figures[i];
  const [best] = accepted.all;
  const { figures, seen } = problem;
  if (!isFixed({ figures, seen, places: accepted.all }, i)) return;
  const isWhole = wholeStep(figure) !== undefined;
  for (const share of challenges(figure, best[i])) {
    for (const from of accepted.spread(isWhole ? 2 : CHALLENGERS)) {
      const moved = from.with(i, share);
      accepted.add(isWhole ? problem.descend(moved, moved, i) : problem.wander(moved, moved, i));
    }
  }
}

function challenges(figure: OpenFigure, share: number): readonly number[] {
  if (wholeStep(figure) !== undefined) return neighbours(figure, share);
  const { path, range } = figure;
  const value = valuesAt([figure], [share])[path];
  return [value / BEYOND, value * BEYOND]
    .filter((moved) => range[0] <= moved && moved <= range[1])
    .map((moved) => shareOf(range, moved));
}

/** Whether a figure has about the same value at all places, and no other seen one could make up for another value. */
export function isFixed(
  { figures, seen, places }: Pick<TimesFit, 'figures' | 'seen' | 'places'>,
  i: number,
): boolean {
  const figure = figures[i];
  const alike = inseparable(
    seen.map((other) => figures[other]),
    figure,
  );
  if (alike.length > 0) return false;
  const [best, ...others] = places.map((place) => valuesAt([figure], [place[i]])[figure.path]);
  return others.every((value) => value <= best * (1 + FOUND_WITHIN) && best <= value * (1 + FOUND_WITHIN));
}

function drawnPlaces(target: SimulatedTarget, figures: readonly OpenFigure[]): readonly FigurePlace[] {
  const sets = setsWithinRanges(originsOf(target), PLACES)?.sets.slice(1) ?? [];
  return sets.map((set) => figures.map(({ path, range, value }) => shareOf(range, set[path] ?? value)));
}

/**
 * The misfit of the best place, where an uncertainty is 1: the sum of squares by the times that are left once each figure
 * that they determine has taken one.
 */
function scaleOf(problem: FigureProblem, best: FigurePlace): number | undefined {
  const slopes = problem.slopes(best);
  const left = slopes.length - determined(slopes);
  return Math.sqrt(problem.badness(best) / Math.max(left, slopes.length / 2));
}

/** How many figures the times determine: the trace of the matrix that projects onto what they can explain. */
function determined(slopes: Jacobian): number {
  const all = slopes[0].map((_, i) => i);
  const normal = normalMatrix(slopes, all, 1);
  return slopes.reduce((sum, row) => {
    const inner = solved(normal, row);
    return sum + row.reduce((dot, x, i) => dot + x * inner[i], 0);
  }, 0);
}
