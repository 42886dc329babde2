import { constantIndex, type Index, variable } from '../symbols/index-expression.ts';
import { type Node, reachable } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';
import { freeVariables, rewrite } from '../symbols/rewrite.ts';
import { axis, axisName } from './value.ts';

/**
 * Lanes: what an axis is called once its tensor is stored or reduced. The name says position and
 * size, so that a row reduced and the same row mapped over again share one name.
 */
export function laneName(position: number, size: number): string {
  return `lane${position}_${size}`;
}

/** The number of lanes, if a variable is one. */
export function laneSize(name: string): number | undefined {
  const match = /^lane\d+_(\d+)'*$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/** All axes of a tensor of this shape become lanes. */
export function bindAxes(pool: Pool, nodes: readonly Node[], shape: readonly number[]): Node[] {
  const bound = shape.map((size, n) => (size === 1 ? undefined : unusedLane(nodes, n, laneName(n, size))));
  return rewrite(pool, nodes, {
    variable: (name) => (name.startsWith('@') ? laneIndex(bound[Number(name.slice(1))]) : undefined),
  });
}

function laneIndex(name: string | undefined): Index {
  return name === undefined ? constantIndex(0) : variable(name);
}

/** One axis becomes a lane, the axes after it move up. */
export function reduceAxis(
  pool: Pool,
  nodes: readonly Node[],
  shape: readonly number[],
  position: number,
): Readonly<{ nodes: Node[]; over: readonly string[] }> {
  const size = shape[position];
  const lane = size === 1 ? undefined : unusedLane(nodes, position, laneName(position, size));
  const moved = rewrite(pool, nodes, {
    variable: (name) => {
      if (!name.startsWith('@')) return undefined;
      const n = Number(name.slice(1));
      if (n === position) return laneIndex(lane);
      return axis(n < position ? n : n - 1);
    },
  });
  return { nodes: moved, over: lane === undefined ? [] : [lane] };
}

/** One axis of each node becomes the same lane, in place: axis `positions[n]` of node n. */
export function contractAxes(
  pool: Pool,
  nodes: readonly Node[],
  positions: readonly number[],
  size: number,
): Readonly<{ nodes: Node[]; over: readonly string[] }> {
  const names = nodes.map((node, n) => unusedLane([node], positions[n], laneName(DEPTH_AXIS, size)));
  const lane = names.reduce((longest, name) => (name.length > longest.length ? name : longest));
  const index = size === 1 ? constantIndex(0) : variable(lane);
  const bound = nodes.map(
    (node, n) =>
      rewrite(pool, [node], {
        variable: (name) => (name === axisName(positions[n]) ? index : undefined),
      })[0],
  );
  return { nodes: bound, over: size === 1 ? [] : [lane] };
}

/** The depth of a matrix product is no axis of its result; this stands for its position. */
const DEPTH_AXIS = 9;

/** The name, with a prime for each reduction inside that binds it already while it sees the axis. */
function unusedLane(nodes: readonly Node[], position: number, name: string): string {
  const known = new Map<number, ReadonlySet<string>>();
  const captured = new Set<string>();
  for (const node of reachable(nodes)) {
    if (node.form.kind !== 'reduced' || !freeVariables(node, known).has(axisName(position))) continue;
    for (const bound of node.form.reduction.over) captured.add(bound);
  }
  let unused = name;
  while (captured.has(unused)) unused += "'";
  return unused;
}
