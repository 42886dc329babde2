import { type Diagram, edgeOf } from './diagram.ts';

/** Nodes that are visited before the nearest member found so far is taken. */
const mostVisits = 400;

/**
 * Moves the digits at the places in `free` as little as possible (fewest places, then least distance)
 * so that the diagram has them; all other digits stay. False where no such member is found.
 */
export function nearestMember(diagram: Diagram, digits: Int32Array, free: ReadonlySet<number>): boolean {
  const { levels } = diagram;
  const tried = levels.map(({ place }) => digits[place]);
  let nearest: number[] | undefined;
  let nearestCost = Number.POSITIVE_INFINITY;
  let visits = 0;

  const visit = (depth: number, node: number, cost: number): void => {
    if (depth === levels.length) {
      nearest = [...tried];
      nearestCost = cost;
      return;
    }
    const level = levels[depth];
    const wanted = digits[level.place];
    const tryEdge = (edge: number) => {
      const moved = Math.abs(level.digit[edge] - wanted);
      const total = cost + (moved === 0 ? 0 : 1 + moved / 1000);
      if (total >= nearestCost || visits++ > mostVisits) return;
      tried[depth] = level.digit[edge];
      visit(depth + 1, level.child[edge], total);
    };
    if (free.has(level.place))
      fromNearest(level.digit, level.firstEdge[node], level.firstEdge[node + 1], wanted, tryEdge);
    else {
      const edge = edgeOf(level, node, wanted);
      if (edge >= 0) tryEdge(edge);
    }
  };

  visit(0, 0, 0);
  if (nearest === undefined) return false;
  for (const [depth, { place }] of levels.entries()) digits[place] = nearest[depth];
  return true;
}

/** Visits the edges first … end − 1, whose digits ascend, by their distance from a digit. */
function fromNearest(
  digit: Int32Array,
  first: number,
  end: number,
  wanted: number,
  visit: (edge: number) => void,
): void {
  let above = first;
  while (above < end && digit[above] < wanted) above++;
  let below = above - 1;
  while (below >= first || above < end) {
    const down = below >= first ? wanted - digit[below] : Number.POSITIVE_INFINITY;
    const up = above < end ? digit[above] - wanted : Number.POSITIVE_INFINITY;
    visit(up <= down ? above++ : below--);
  }
}
