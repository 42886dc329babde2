import { type LoopNest, type LoweredKernel, ownLoops, rowLoops } from '../lowering/lowered-kernel.ts';
import type { CodeNode } from './code-node.ts';
import { boundNode, forEach, type LoopBound } from './loop.ts';
import type { LoopCounters } from './memory-access.ts';
import { RowCode } from './row-code.ts';
import type { RowEnvironment } from './row-environment.ts';

/** Elements of the widest register: rows of whole registers have no rest. */
const MOST_LANES = 16;

/**
 * Whether rows can be pipelined: each begins with a nest of nothing but reductions along it (a maximum, a sum), and
 * goes on with another loop along it. What that first nest reads, no row may write.
 */
export function isPipelinable(lowered: LoweredKernel): boolean {
  const [first, second] = lowered.nests;
  const isApart = lowered.kernel.operands.every(({ role }) => role !== 'inout');
  if (second === undefined || !isApart || lowered.lanesAcross !== undefined) return false;
  if (rowLoops(lowered).length === 0 || lowered.extents[first.vector] % MOST_LANES !== 0) return false;
  const isReduced = first.stages.every((stage) => 'over' in stage) && first.over.size === 1;
  return isReduced && runsAlong(lowered, first, first.vector) && runsAlong(lowered, second, first.vector);
}

/** Whether a nest's one loop is along this dimension. */
function runsAlong(lowered: LoweredKernel, nest: LoopNest, dim: string): boolean {
  const loops = [...ownLoops(lowered, nest), ...nest.over];
  return nest.vector === dim && loops.length === 1 && loops[0] === dim;
}

/**
 * Rows in a software pipeline: while the second nest runs on a row, the first one runs on the next row, so that the
 * processor does not wait for the last steps of each reduction.
 */
export function pipelinedRows(
  env: RowEnvironment,
  begin: LoopBound,
  end: LoopBound,
  at: (row: CodeNode) => LoopCounters,
): void {
  const { lanes: l } = env;
  const { graph, language } = l;
  const last = graph.variable('index', false);
  graph.set([last], [l.do('isub', boundNode(l, end), l.i32(1))]);
  const isAny = graph.variable('i32', false);
  graph.set([isAny], [l.do('ile', boundNode(l, begin), graph.get(last))]);
  const ifAny = (inner: string): string => language.conditional(language.read(isAny.name), inner);
  graph.inside(ifAny, () => {
    const first = new RowCode(env, undefined).firstNest(at(boundNode(l, begin)));
    const carried = first.map(({ type }) => graph.variable(type, false));
    graph.set(carried, first);
    forEach(l, { begin, end }, (row) => {
      // Behind the last row comes the last row again: nothing beyond it may be read.
      const next = l.do('iadd', row, l.do('ilt', row, graph.get(last)));
      const given = carried.map((variable) => graph.held(variable));
      graph.set(carried, new RowCode(env, undefined).otherNests(at(row), given, at(next)));
    });
  });
}
