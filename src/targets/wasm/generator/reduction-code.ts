import { COMBINE } from '../../../kernels/combine.ts';
import type { DType } from '../../../kernels/ir.ts';
import { stageResults } from '../../../kernels/walk.ts';
import { arithmetic, NARROW_RANGE } from '../../../lowering/expressions/arithmetic.ts';
import { expand } from '../../../lowering/expressions/expand.ts';
import { hasFloatLanes, laneType } from '../../../lowering/expressions/lane-type.ts';
import type { ReductionStage } from '../../../lowering/lowered-kernel.ts';
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
  const identities = identityOf(l, reduction);
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
  const after = advance(reduction, before, context);
  return variables[0].wide ? after.map((node) => l.widen(node)) : after;
}

function advance(
  reduction: ReductionStage,
  before: readonly CodeNode[],
  context: EmitContext,
): readonly CodeNode[] {
  const { lanes: l } = context;
  const [product, dtype] = productOf(reduction);
  if (product !== undefined) {
    const [a, b] = product.map((part) => expand(part, context));
    if (hasFloatLanes(dtype)) return [l.mulAdd(a, b, before[0])];
    return [arithmetic.binary(l, 'add', dtype, before[0], arithmetic.binary(l, 'mul', dtype, a, b))];
  }
  const values = reduction.kind === 'reduce' ? reduction.values.map((value) => expand(value, context)) : [];
  const right = tracksNaN(reduction) ? [values[0], l.do('ne', values[0], values[0])] : values;
  return combinePartials(reduction, before, right, context);
}

/**
 * Whether a reduction keeps a mask of NaN beside its value: the maximum or minimum of floats is NaN where
 * any value is. The engine's own instructions for that are long; a short one that loses NaN, and a mask
 * that remembers it, are a third faster.
 */
function tracksNaN(reduction: ReductionStage): reduction is Extract<ReductionStage, { kind: 'reduce' }> {
  return (
    reduction.kind === 'reduce' &&
    (reduction.combine.kind === 'max' || reduction.combine.kind === 'min') &&
    hasFloatLanes(reduction.values[0].dtype)
  );
}

/** The results of a reduction from its accumulated components. */
export function reductionResults(
  l: Lanes,
  reduction: ReductionStage,
  components: readonly CodeNode[],
): readonly CodeNode[] {
  if (!tracksNaN(reduction)) return components;
  const [value, bad] = components;
  return [l.select(bad, l.f32(Number.NaN), value)];
}

/** The factors where a reduction sums products, and the dtype of the sum. */
function productOf(
  reduction: ReductionStage,
): readonly [readonly Parameters<typeof expand>[0][] | undefined, DType] {
  if (reduction.kind === 'contract') return [[reduction.left, reduction.right], reduction.dtype];
  const [value] = reduction.values;
  const sums = reduction.combine.kind === 'sum' && value.kind === 'binary' && value.op === 'mul';
  return [sums && hasFloatLanes(value.dtype) ? [value.left, value.right] : undefined, value.dtype];
}

/** Two partial results as one. */
export function combinePartials(
  reduction: ReductionStage,
  left: readonly CodeNode[],
  right: readonly CodeNode[],
  context: EmitContext,
): readonly CodeNode[] {
  const { lanes: l } = context;
  if (reduction.kind === 'contract') return [arithmetic.binary(l, 'add', reduction.dtype, left[0], right[0])];
  const { combine: how, values } = reduction;
  if (tracksNaN(reduction)) {
    const closer = how.kind === 'max' ? l.atLeast(left[0], right[0]) : l.atMost(left[0], right[0]);
    return [closer, l.do('mor', left[1], right[1])];
  }
  if (how.kind !== 'region')
    return [arithmetic.binary(l, COMBINE[how.kind].op, values[0].dtype, left[0], right[0])];
  const given = new Map<string, CodeNode>();
  how.left.forEach((name, n) => void given.set(name, left[n]));
  how.right.forEach((name, n) => void given.set(name, right[n]));
  const inside: EmitContext = { ...context, value: (name) => given.get(name) ?? context.value(name) };
  return how.results.map((result) => expand(result, inside));
}

function identityOf(l: Lanes, reduction: ReductionStage): readonly CodeNode[] {
  const number = (dtype: DType, value: number): CodeNode => {
    const type = laneType(dtype);
    return type === 'f32' ? l.f32(value) : type === 'mask' ? l.mask(value !== 0) : l.i32(value);
  };
  if (reduction.kind === 'contract') return [number(reduction.dtype, 0)];
  const { combine: how, values } = reduction;
  if (how.kind === 'region') {
    return stageResults(reduction).map(({ dtype }, n) => number(dtype, how.identity[n]));
  }
  const [{ dtype }] = values;
  const [least, greatest] = hasFloatLanes(dtype)
    ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    : (NARROW_RANGE[dtype] ?? [-0x80000000, 0x7fffffff]);
  const identity = number(dtype, Math.min(greatest, Math.max(least, COMBINE[how.kind].identity)));
  return tracksNaN(reduction) ? [identity, l.mask(false)] : [identity];
}

/** Combines the accumulators of all registers in a tree, then the four lanes of wide ones. */
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
  for (const distance of [2, 1] as const) {
    result = combinePartials(
      reduction,
      result,
      result.map((node) => l.swap(node, distance)),
      context,
    );
  }
  return result.map((node) => l.extract(node, 0));
}
