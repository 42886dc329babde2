import { advanceReduction, combinePartials, reductionIdentities } from '../lowering/expressions/reduce.ts';
import type { ReductionStage } from '../lowering/lowered-kernel.ts';
import type { Variable } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import type { EmitContext } from './emit-context.ts';
import type { Lanes } from './lanes.ts';

/** The running components of a reduction, one set for each register of a block. */
export type Accumulators = readonly (readonly Variable[])[];

/** New accumulators, set to the reduction's identity. */
export function startReduction(
  l: Lanes,
  reduction: ReductionStage,
  registers: number,
  wide: boolean,
): Accumulators {
  const identities = reductionIdentities(l, reduction);
  return Array.from({ length: registers }, () => {
    const variables = identities.map((node) => l.graph.variable(node.type, wide));
    l.graph.set(
      variables,
      identities.map((node) => (wide ? l.widen(node) : node)),
    );
    return variables;
  });
}

/** The new values of accumulators after the values at one point; nothing is set yet. */
export function accumulate(
  reduction: ReductionStage,
  variables: readonly Variable[],
  context: EmitContext,
): readonly CodeNode[] {
  const { lanes: l } = context;
  const before = variables.map((variable) => l.graph.get(variable));
  const after = advanceReduction(reduction, before, context);
  return variables[0].wide ? after.map((node) => l.widen(node)) : after;
}

/** Combines the accumulators of all registers in a tree, then the lanes of wide ones. */
export function finishReduction(
  reduction: ReductionStage,
  accumulators: Accumulators,
  context: EmitContext,
): readonly CodeNode[] {
  const { lanes: l } = context;
  let level = accumulators.map((variables) => variables.map((variable) => l.graph.get(variable)));
  while (level.length > 1) {
    const half = Math.ceil(level.length / 2);
    level = level
      .slice(0, half)
      .map((left, n) =>
        n + half < level.length ? [...combinePartials(reduction, left, level[n + half], context)] : left,
      );
  }
  let [result]: (readonly CodeNode[])[] = level;
  if (!accumulators[0][0].wide) return result;
  for (let distance = l.count / 2; distance >= 1; distance /= 2) {
    result = combinePartials(reduction, result, swapped(l, result, distance), context);
  }
  return result.map((node) => l.extract(node, 0));
}

function swapped(l: Lanes, nodes: readonly CodeNode[], distance: number): readonly CodeNode[] {
  return nodes.map((node) => l.swap(node, distance));
}
