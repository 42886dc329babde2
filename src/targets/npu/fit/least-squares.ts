import { factorize, solveLower, solveUpper } from '../../../../tuner/models/cholesky.ts';

/** What is to be made small: residuals, each by its own uncertainty, at a place whose coordinates run from 0 to 1. */
export type Residuals = (at: readonly number[]) => readonly number[];

/** The residuals where one coordinate differs from a place whose residuals are known. */
export type Moved = (from: Descent, coordinate: number, to: number) => readonly number[];

/** A sum of squares to descend on. */
export type Problem = Readonly<{
  residuals: Residuals;
  /** Where there is a shorter way to them than through `residuals`. */
  moved?: Moved;
  /** Where each coordinate is drawn to, with the weight of its squared distance. */
  centre: readonly number[];
  pull: number;
  /** By how far each coordinate is moved for a difference. */
  steps: readonly number[];
}>;

export type Descent = Readonly<{ at: readonly number[]; residuals: readonly number[]; cost: number }>;

/** Rows by residuals, columns by coordinates. */
export type Jacobian = readonly (readonly number[])[];

const DAMPINGS = [1e-4, 1e-2, 1, 100];
const JUMP_DAMPING = 1e-2;
/** A smaller share of the cost is not worth an iteration. */
const WORTH = 1e-3;

/**
 * Levenberg's and Marquardt's descent (1963) with differences for derivatives. A coordinate at a bound stays there while
 * the slope leads beyond it. With `jacobian`, that of a place nearby, no differences are taken.
 */
export function descend(
  problem: Problem,
  start: readonly number[],
  iterations: number,
  jacobian?: Jacobian,
): Descent {
  let best = evaluated(problem, start);
  for (let i = 0; i < iterations; i++) {
    const slopes = jacobian ?? jacobianAt(problem, best);
    const next = bestStep(problem, best, slopes);
    if (next === undefined) return best;
    const gained = best.cost - next.cost;
    best = next;
    if (gained < WORTH * best.cost) return best;
  }
  return best;
}

/** The first damping that helps, and a stronger one where that helps more; undefined where none helps. */
function bestStep(problem: Problem, from: Descent, slopes: Jacobian): Descent | undefined {
  let best: Descent | undefined;
  for (const damping of DAMPINGS) {
    const next = stepped(problem, from, slopes, damping);
    if (next.cost < (best ?? from).cost) best = next;
    else if (best !== undefined) break;
  }
  return best;
}

export function evaluated({ residuals, centre, pull }: Problem, at: readonly number[]): Descent {
  const found = residuals(at);
  const distance = at.reduce((sum, x, i) => sum + (x - centre[i]) ** 2, 0);
  return { at, residuals: found, cost: found.reduce((sum, r) => sum + r * r, 0) + pull * distance };
}

/** Differences into the range: up, or down where a step up would leave it. */
export function jacobianAt(problem: Problem, from: Descent): Jacobian {
  const { steps } = problem;
  const { at, residuals: here } = from;
  const columns = at.map((x, i) => {
    const to = x + steps[i] <= 1 ? x + steps[i] : Math.max(0, x - steps[i]);
    return movedTo(problem, from, i, to).map((r, row) => (r - here[row]) / (to - x));
  });
  return here.map((_, row) => columns.map((column) => column[row]));
}

/** Where one coordinate is moved to, and all others make up for it as far as the slopes say. */
export function jumped(problem: Problem, from: Descent, jacobian: Jacobian, k: number, to: number): Descent {
  const residuals = movedTo(problem, from, k, to);
  const moved = { ...from, at: from.at.with(k, to), residuals };
  return stepped(problem, moved, jacobian, JUMP_DAMPING, k);
}

function movedTo({ residuals, moved }: Problem, from: Descent, k: number, to: number): readonly number[] {
  return moved === undefined ? residuals(from.at.with(k, to)) : moved(from, k, to);
}

function stepped(
  problem: Problem,
  from: Descent,
  jacobian: Jacobian,
  damping: number,
  held?: number,
): Descent {
  const { centre, pull } = problem;
  const { at, residuals } = from;
  const slope = at.map(
    (x, i) => residuals.reduce((sum, r, row) => sum + r * jacobian[row][i], 0) + pull * (x - centre[i]),
  );
  const isFree = at.map((x, i) => i !== held && (slope[i] > 0 ? x > 0 : x < 1));
  const free = at.flatMap((_, i) => (isFree[i] ? [i] : []));
  const normal = normalMatrix(jacobian, free, pull).map((row, i) =>
    row.map((value, j) => (i === j ? value * (1 + damping) : value)),
  );
  const step = solved(
    normal,
    free.map((i) => -slope[i]),
  );
  const moved = at.slice();
  for (const [k, i] of free.entries()) moved[i] = Math.min(1, Math.max(0, at[i] + step[k]));
  return evaluated(problem, moved);
}

/** The slopes' products, with the pull on the diagonal, for some coordinates. */
export function normalMatrix(jacobian: Jacobian, free: readonly number[], pull: number): number[][] {
  return free.map((i) =>
    free.map((j) => jacobian.reduce((sum, row) => sum + row[i] * row[j], 0) + (i === j ? pull : 0)),
  );
}

/** Solves a system of a positive definite matrix. */
export function solved(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const size = right.length;
  const factor = Float64Array.from(matrix.flat());
  factorize(factor, size);
  return [...solveUpper(factor, size, solveLower(factor, size, Float64Array.from(right)))];
}
