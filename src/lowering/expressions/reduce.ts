import { COMBINE } from '../../kernels/combine.ts';
import type { DType, Expression } from '../../kernels/ir.ts';
import type { Primitives } from '../../kernels/ops/primitives.ts';
import { stageResults } from '../../kernels/walk.ts';
import type { ReductionStage } from '../lowered-kernel.ts';
import { arithmetic, NARROW_RANGE } from './arithmetic.ts';
import { type ExpressionContext, expand } from './expand.ts';
import { hasFloatLanes } from './lane-type.ts';

/** What the components of a reduction start from. */
export function reductionIdentities<V>(m: Primitives<V>, reduction: ReductionStage): readonly V[] {
  if (reduction.kind === 'contract') return [arithmetic.constant(m, 0, reduction.dtype)];
  const { combine: how, values } = reduction;
  if (how.kind === 'region') {
    return stageResults(reduction).map(({ dtype }, n) => arithmetic.constant(m, how.identity[n], dtype));
  }
  const [{ dtype }] = values;
  const [least, greatest] = hasFloatLanes(dtype)
    ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    : (NARROW_RANGE[dtype] ?? [-0x80000000, 0x7fffffff]);
  const identity = arithmetic.constant(
    m,
    Math.min(greatest, Math.max(least, COMBINE[how.kind].identity)),
    dtype,
  );
  return tracksNaN(reduction) ? [identity, m.mask(false)] : [identity];
}

/** The components of a reduction after the values at one more point. */
export function advanceReduction<V>(
  reduction: ReductionStage,
  before: readonly V[],
  context: ExpressionContext<V>,
): readonly V[] {
  const { lanes: m } = context;
  const [product, dtype] = productOf(reduction);
  if (product !== undefined) {
    const [a, b] = product.map((part) => expand(part, context));
    if (hasFloatLanes(dtype)) return [arithmetic.rounded(m, dtype, m.mulAdd(a, b, before[0]))];
    return [arithmetic.binary(m, 'add', dtype, before[0], arithmetic.binary(m, 'mul', dtype, a, b))];
  }
  const values = reduction.kind === 'reduce' ? reduction.values.map((value) => expand(value, context)) : [];
  const right = tracksNaN(reduction) ? [values[0], m.do('ne', values[0], values[0])] : values;
  return combinePartials(reduction, before, right, context);
}

/**
 * Whether a reduction keeps a mask of NaN beside its value: the maximum or minimum of floats is NaN where
 * any value is. Engines' own instructions for that are long (V8's on x64); a short one that loses NaN, and a
 * mask that remembers it, are a third faster.
 */
function tracksNaN(reduction: ReductionStage): reduction is Extract<ReductionStage, { kind: 'reduce' }> {
  return (
    reduction.kind === 'reduce' &&
    (reduction.combine.kind === 'max' || reduction.combine.kind === 'min') &&
    hasFloatLanes(reduction.values[0].dtype)
  );
}

/** The results of a reduction from its accumulated components. */
export function reductionResults<V>(
  m: Primitives<V>,
  reduction: ReductionStage,
  components: readonly V[],
): readonly V[] {
  if (!tracksNaN(reduction)) return components;
  const [value, bad] = components;
  return [m.select(bad, m.f32(Number.NaN), value)];
}

/** Two partial results as one. */
export function combinePartials<V>(
  reduction: ReductionStage,
  left: readonly V[],
  right: readonly V[],
  context: ExpressionContext<V>,
): readonly V[] {
  const { lanes: m } = context;
  if (reduction.kind === 'contract') return [arithmetic.binary(m, 'add', reduction.dtype, left[0], right[0])];
  const { combine: how, values } = reduction;
  if (tracksNaN(reduction)) {
    const closer = how.kind === 'max' ? m.atLeast(left[0], right[0]) : m.atMost(left[0], right[0]);
    return [arithmetic.rounded(m, values[0].dtype, closer), m.do('mor', left[1], right[1])];
  }
  if (how.kind !== 'region')
    return [arithmetic.binary(m, COMBINE[how.kind].op, values[0].dtype, left[0], right[0])];
  const given = new Map<string, V>();
  how.left.forEach((name, n) => void given.set(name, left[n]));
  how.right.forEach((name, n) => void given.set(name, right[n]));
  const inside: ExpressionContext<V> = {
    ...context,
    value: (name) => given.get(name) ?? context.value(name),
  };
  return how.results.map((result) => expand(result, inside));
}

/** The factors where a reduction sums products, and the dtype of the sum. */
function productOf(reduction: ReductionStage): readonly [readonly Expression[] | undefined, DType] {
  if (reduction.kind === 'contract') return [[reduction.left, reduction.right], reduction.dtype];
  const [value] = reduction.values;
  const sums = reduction.combine.kind === 'sum' && value.kind === 'binary' && value.op === 'mul';
  return [sums && hasFloatLanes(value.dtype) ? [value.left, value.right] : undefined, value.dtype];
}
