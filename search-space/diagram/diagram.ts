/**
 * The configurations of one group of parameters, as a graph of levels: a node is what matters of the
 * decisions so far, an edge decides the next parameter. Every path from the root to the end is one
 * member. Edges of a node ascend by digit; all of them lead to members.
 */
export type DiagramLevel = Readonly<{
  /** The parameter decided here, by its place in the space. */
  place: number;
  /** Node n's edges are firstEdge[n] … firstEdge[n + 1] − 1. */
  firstEdge: Int32Array;
  digit: Int32Array;
  /** The node of the next level that the edge leads to. */
  child: Int32Array;
  /** Members through the node's edges before this one. */
  before: Float64Array;
}>;

export type Diagram = Readonly<{ size: number; levels: readonly DiagramLevel[] }>;

/** Writes the digits of the member at a rank (0 … size − 1) to their places. */
export function writeDigits(diagram: Diagram, rank: number, digits: Int32Array): void {
  let node = 0;
  let rest = rank;
  for (const level of diagram.levels) {
    const { firstEdge, before } = level;
    let low = firstEdge[node];
    let high = firstEdge[node + 1] - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (before[middle] <= rest) low = middle;
      else high = middle - 1;
    }
    rest -= before[low];
    digits[level.place] = level.digit[low];
    node = level.child[low];
  }
}

/** The rank of the member with these digits, or −1 where there is none. */
export function rankOf(diagram: Diagram, digits: Int32Array): number {
  let node = 0;
  let rank = 0;
  for (const level of diagram.levels) {
    const edge = edgeOf(level, node, digits[level.place]);
    if (edge < 0) return -1;
    rank += level.before[edge];
    node = level.child[edge];
  }
  return rank;
}

/** The edge of a node that decides for a digit, or −1. */
export function edgeOf(level: DiagramLevel, node: number, digit: number): number {
  const first = level.firstEdge[node];
  // Digits ascend from 0 at least, so the edge cannot stand further on than its digit.
  let edge = Math.min(first + digit, level.firstEdge[node + 1] - 1);
  while (edge >= first && level.digit[edge] > digit) edge--;
  return edge >= first && level.digit[edge] === digit ? edge : -1;
}
