import type { Accepted } from './accepted.ts';
import { type FigureProblem, neighbours } from './figure-problem.ts';

/** The first step outwards, as a share of the way that slopes promise. */
const FIRST_STEP = 0.5;
/** Steps are at least and at most this share of the range at first; what is nearer to a bound than the least is at it. */
const [LEAST_STEP, MOST_STEP] = [0.004, 0.25];
/** So many places in a row are refused, each twice as far out, before nothing farther is tried: a time's steps may refuse one. */
const REFUSALS = 2;
/** The outermost accepted place and the innermost refused one are this near in the end, as a share of the whole way out. */
const BETWEEN = 0.25;

/**
 * Moves a figure outwards one way from what was accepted, as far as all others can make up for it: in steps that double,
 * until places are refused, and then in between. Returns the share where it is refused, or the bound: so no value within
 * was passed over. `promised` is how far from the best place slopes expect it.
 */
export function pushed(
  problem: FigureProblem,
  accepted: Accepted,
  i: number,
  isUp: boolean,
  promised: number,
): number {
  const [bound, sign] = isUp ? [1, 1] : [0, -1];
  const far = (): number => accepted.farthest(i, isUp)[i];
  const isRefused = (to: number): boolean =>
    !accepted.startsAt(i, to, isUp).some((start) => {
      const place = problem.wander(start, start, i);
      accepted.add(place);
      return accepted.isNear(place);
    });
  stepWhole(problem, accepted, i, isUp);
  let step = Math.min(MOST_STEP, Math.max(LEAST_STEP, FIRST_STEP * promised));
  let refused = bound;
  for (let refusals = 0; refusals < REFUSALS && far() !== bound; step *= 2) {
    const to = Math.min(1, Math.max(0, far() + sign * step));
    const at = Math.abs(bound - to) < LEAST_STEP ? bound : to;
    if (!isRefused(at)) [refused, refusals] = [bound, 0];
    else if (at === bound) refusals = REFUSALS;
    else if (refusals++ === 0) refused = at;
  }
  const [best] = accepted.all;
  while (Math.abs(refused - far()) > Math.max(LEAST_STEP, BETWEEN * Math.abs(refused - best[i]))) {
    const to = (refused + far()) / 2;
    if (isRefused(to)) refused = to;
  }
  return refused;
}

/** One more, or one less, of what counts something. */
function stepWhole(problem: FigureProblem, accepted: Accepted, i: number, isUp: boolean): void {
  const from = accepted.farthest(i, isUp);
  for (const share of neighbours(problem.figures[i], from[i])) {
    if (share > from[i] !== isUp) continue;
    const moved = from.with(i, share);
    accepted.add(problem.descend(moved, moved, i));
  }
}
