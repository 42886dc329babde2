import type { Import } from './imports.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

/** Import cycles: one complaint, with the shortest cycle, for each set of files that import each other. */
export function circleComplaints(imports: readonly Import[]): readonly string[] {
  const graph = graphOf(imports);
  const reported = new Set<string>();
  const complaints: string[] = [];
  for (const circle of [...graph.keys()].flatMap((file) => circleThrough(file, graph) ?? []).sort(byLength)) {
    const reportedFiles = circle.filter((file) => reported.has(file));
    for (const file of circle) reported.add(file);
    if (reportedFiles.length === 0)
      complaints.push(`A circle of imports: ${[...circle, circle[0]].join(' → ')}.`);
  }
  return complaints;
}

function byLength(one: readonly string[], other: readonly string[]): number {
  return one.length - other.length;
}

function graphOf(imports: readonly Import[]): Graph {
  const graph = new Map<string, string[]>();
  for (const { from, path } of imports) {
    if (path !== undefined) graph.set(from, [...(graph.get(from) ?? []), path]);
  }
  return graph;
}

/** The shortest cycle through a file, found breadth first. */
function circleThrough(start: string, graph: Graph): [readonly string[]] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [pathTo(file, start, cameFrom)];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const way = [end];
  for (let file = end; file !== start; ) {
    file = cameFrom.get(file) ?? start;
    way.unshift(file);
  }
  return way;
}
