import { randomFor } from '../../../../search-space/random.ts';
import { originsOf } from '../machine/origins.ts';
import { setsWithinRanges, shareOf } from '../machine/parameter-sets.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { Accepted, type MostWorse } from './accepted.ts';
import { FigureProblem, PULL } from './figure-problem.ts';
import { type Jacobian, normalMatrix, solved } from './least-squares.ts';
import type { LoggedTime } from './logged-times.ts';
import { type FigurePlace, type OpenFigure, openFigures, ownPlace } from './open-figures.ts';
import { pushed } from './pushed.ts';
import { ShowingRows } from './showing-rows.ts';

/** Shares of a figure's stated range. */
export type ShareRange = readonly [least: number, most: number];

/** What times of a device say about the open figures of a target. */
export type TimesFit = Readonly<{
  figures: readonly OpenFigure[];
  /** Positions of the figures that the times show. */
  seen: readonly number[];
  /** Places that explain the times about as well as the best. The first has the file's own figures where it may. */
  places: readonly FigurePlace[];
  /** Between which shares each figure may be while all others make up for it; undefined for one that the times do not show. */
  ranges: readonly (ShareRange | undefined)[];
  /** How many searches from different places ended where the times are explained, and how many there were. */
  descents: number;
  searches: number;
  /** How the times change with the seen figures at the first place. */
  slopes: Jacobian;
  /** By how much the times are less certain than their clock says; undefined where there are too few to say. */
  scale: number | undefined;
}>;

/** Places drawn within the stated ranges, and how many of them, those that look best at first, are searched from. */
const PLACES = 40;
const SEARCHES = 16;
/** At how many drawn places it is looked whether a figure shows: what bounds nothing at one may do so at another. */
const LOOKED_AT = 3;
/** How often each search may be crossed with others. */
const CROSSINGS = 3;

/**
 * Finds the figures that explain some times, and how else they could be explained. Random places within the stated ranges
 * (a Latin hypercube) start searches. From what explains the times, other places are drawn towards each of the
 * random ones, and each figure is pushed outwards while all others make up for it, as far as the times allow. All of it is
 * limited by numbers of steps, never by time, so that the same log has the same answer.
 */
export function fitTimes(target: SimulatedTarget, times: readonly LoggedTime[]): TimesFit {
  const figures = openFigures(target);
  const own = ownPlace(figures);
  const drawn = drawnPlaces(target, figures);
  const showing = new ShowingRows(target, figures, times, [own, ...drawn.slice(0, LOOKED_AT)]);
  if (showing.seen.length === 0)
    return {
      figures,
      seen: [],
      places: [own],
      ranges: [],
      descents: 0,
      searches: 0,
      slopes: [],
      scale: undefined,
    };
  const clockOnly = new FigureProblem(target, figures, times, showing);
  const found = searched(clockOnly, [own, ...drawn], times.length);
  const first = found[0];
  const spread = spreadOf(clockOnly, first);
  const problem = clockOnly.scaled(Math.max(1, spread.scale));
  const mostWorse = mostWorseOf(spread);
  const accepted = new Accepted(problem, first, times.length, mostWorse);
  // What no time shows is as in the file.
  accepted.prefer(first.map((share, i) => (problem.seen.includes(i) ? share : own[i])));
  accepted.prefer(problem.descend(own, own));
  const descents = found.filter((place) => accepted.add(place)).length;
  for (const [i, place] of drawn.entries()) accepted.add(problem.wander(accepted.any(i), place));
  const ranges = rangesOf(problem, accepted, Math.sqrt(mostWorse.one));
  const slopes = problem.slopes(accepted.all[0]);
  const { length: searches } = found;
  return {
    figures,
    seen: problem.seen,
    places: accepted.all,
    ranges,
    descents,
    searches,
    slopes,
    scale: spread.scale,
  };
}

/** Where searches end that start from the places that look best, the best first. */
function searched(
  problem: FigureProblem,
  places: readonly FigurePlace[],
  times: number,
): readonly FigurePlace[] {
  const starts = places
    .map((place) => ({ place, badness: problem.badness(place) }))
    .sort((a, b) => a.badness - b.badness)
    .slice(0, SEARCHES)
    .map(({ place }) => place);
  let found = starts.map((centre) => {
    const place = problem.descend(centre, centre);
    return { centre, place, badness: problem.badness(place) };
  });
  for (let round = 0; round < CROSSINGS; round++) {
    const known = found.toSorted((a, b) => a.badness - b.badness).slice(0, found.length / 2);
    const enough = known[0].badness + times;
    found = found.map((one, i) => {
      if (one.badness <= enough) return one;
      const random = randomFor('crossing', round, i);
      const other = known[Math.floor(random() * known.length)].place;
      const crossed = one.place.map((share, k) => (random() < 0.5 ? share : other[k]));
      const place = problem.descend(crossed, one.centre);
      const badness = problem.badness(place);
      return badness < one.badness ? { ...one, place, badness } : one;
    });
  }
  return found.toSorted((a, b) => a.badness - b.badness).map(({ place }) => place);
}

function drawnPlaces(target: SimulatedTarget, figures: readonly OpenFigure[]): readonly FigurePlace[] {
  const sets = setsWithinRanges(originsOf(target), PLACES)?.sets.slice(1) ?? [];
  return sets.map((set) => figures.map(({ path, range, value }) => shareOf(range, set[path] ?? value)));
}

/** Pushes every seen figure both ways, first by as many standard deviations as slopes say. */
function rangesOf(problem: FigureProblem, accepted: Accepted, deviations: number): TimesFit['ranges'] {
  const normal = normalMatrix(problem.slopes(accepted.all[0]), [...problem.seen.keys()], PULL);
  const ranges: (ShareRange | undefined)[] = problem.figures.map(() => undefined);
  for (const [k, i] of problem.seen.entries()) {
    const unit = problem.seen.map((_, other) => (other === k ? 1 : 0));
    const promised = deviations * Math.sqrt(solved(normal, unit)[k]);
    const [least, most] = [false, true].map((isUp) => pushed(problem, accepted, i, isUp, promised));
    ranges[i] = [least, most];
  }
  return ranges;
}

/** The misfit that is left, where an uncertainty is 1, and on how much it rests. */
type Spread = Readonly<{ scale: number; determined: number; freedom: number }>;

/** What is known of single timings before a log is seen counts as so many of them, each off by so many uncertainties. */
const [KNOWN_BEFORE, OFF_BEFORE] = [4, 2];

/**
 * By how much a sum of squares may exceed the least: 99 of 100 devices do not, by the distribution of F, as the
 * uncertainties were estimated too.
 */
function mostWorseOf({ determined, freedom }: Spread): MostWorse {
  const figures = Math.max(1, determined);
  return { one: ofF(1, freedom), all: figures * ofF(figures, freedom) };
}

/** The quantile of F of 99 % (Paulson's approximation, Annals of Mathematical Statistics 13 (1942)). */
function ofF(above: number, below: number): number {
  const z = 2.326;
  const [a, b] = [2 / (9 * above), 2 / (9 * below)];
  const root = Math.sqrt((1 - a) ** 2 * b + (1 - b) ** 2 * a - a * b * z ** 2);
  return (((1 - a) * (1 - b) + z * root) / ((1 - b) ** 2 - b * z ** 2)) ** 3;
}

/**
 * The misfit of the best place: the sum of squares by the times that are left once each figure that they determine has
 * taken one. Fewer are determined the less certain the times are, so it is computed twice.
 */
function spreadOf(problem: FigureProblem, best: FigurePlace): Spread {
  const slopes = problem.slopes(best);
  const badness = problem.badness(best);
  let found: Spread = { scale: 1, determined: 0, freedom: KNOWN_BEFORE };
  for (let pass = 0; pass < 2; pass++) {
    const determined = determinedBy(slopes, Math.max(1, found.scale));
    const freedom = KNOWN_BEFORE + slopes.length - determined;
    found = { scale: Math.sqrt((KNOWN_BEFORE * OFF_BEFORE ** 2 + badness) / freedom), determined, freedom };
  }
  return found;
}

/** How many figures the times determine: the trace of the matrix that projects onto what they can explain. */
function determinedBy(exact: Jacobian, scale: number): number {
  const slopes = exact.map((row) => row.map((slope) => slope / scale));
  const all = slopes[0].map((_, i) => i);
  const normal = normalMatrix(slopes, all, PULL);
  return slopes.reduce((sum, row) => {
    const inner = solved(normal, row);
    return sum + row.reduce((dot, x, i) => dot + x * inner[i], 0);
  }, 0);
}
