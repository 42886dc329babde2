import type { Accepted } from './accepted.ts';
import { type FigureProblem, neighbours } from './figure-problem.ts';

/** Shares of the way to a figure's bound that are tried in turn: a half of what was refused, and again what was accepted. */
const PUSHES = 5;
/** What is nearer to a bound, as a share of the range, is at it. */
const NEAR = 0.01;

/** Moves a figure outwards both ways from what was accepted, as far as all others can make up for it. */
export function pushed(problem: FigureProblem, accepted: Accepted, i: number): void {
  for (const isUp of [false, true]) {
    let far = accepted.farthest(i, isUp)[i];
    let refused: number | undefined;
    for (let push = 0; push < PUSHES; push++) {
      const bound = isUp ? 1 : 0;
      if (Math.abs(bound - far) < NEAR) break;
      const to = refused === undefined ? bound : (far + refused) / 2;
      const moved = accepted.farthest(i, isUp).with(i, to);
      const place = problem.wander(moved, moved, i);
      accepted.add(place);
      if (accepted.isNear(place)) far = to;
      else refused = to;
      if (refused !== undefined && Math.abs(refused - far) < NEAR) break;
    }
    stepWhole(problem, accepted, i, isUp);
  }
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
