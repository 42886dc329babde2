import type { Diagram } from './diagram.ts';

/**
 * The digits at a place of the members that have these digits at the diagram's other places, ascending. A digit below 0 is
 * open. Only what the decided digits leave is visited, and each node of it once.
 */
export function digitsLeft({ levels }: Diagram, place: number, digits: Int32Array): readonly number[] {
  const last = levels.findLastIndex((level) => digits[level.place] >= 0);
  const known = levels.map(() => new Map<number, boolean>());

  function* edgesOf(depth: number, node: number): Generator<number> {
    const { firstEdge, digit, place: own } = levels[depth];
    const wanted = digits[own];
    for (let edge = firstEdge[node]; edge < firstEdge[node + 1]; edge++)
      if (wanted < 0 || digit[edge] === wanted) yield edge;
  }

  /** Whether a member with the digits goes through a node. */
  const leads = (depth: number, node: number): boolean => {
    // Every edge leads to members, so what is open altogether does.
    if (depth > last) return true;
    const found = known[depth].get(node) ?? someEdgeLeads(depth, node);
    known[depth].set(node, found);
    return found;
  };
  const someEdgeLeads = (depth: number, node: number): boolean => {
    for (const edge of edgesOf(depth, node)) if (leads(depth + 1, levels[depth].child[edge])) return true;
    return false;
  };

  let nodes: ReadonlySet<number> = new Set([0]);
  for (const [depth, { place: own, digit, child }] of levels.entries()) {
    const next = new Set<number>();
    const left = new Set<number>();
    for (const node of nodes)
      for (const edge of edgesOf(depth, node)) {
        if (own !== place) next.add(child[edge]);
        else if (!left.has(digit[edge]) && leads(depth + 1, child[edge])) left.add(digit[edge]);
      }
    if (own === place) return [...left].sort((a, b) => a - b);
    nodes = next;
  }
  throw new Error(`the diagram does not decide place ${place}`);
}
