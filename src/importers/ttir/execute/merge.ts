import type { Combination, Node, Reduction } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';
import { evaluateNodes, near } from '../symbols/probe.ts';

/**
 * Component `component` of `inputs` combined over `over`. A reduction of a reduction of the same
 * kind is one reduction over the variables of both: so a loop and the lanes inside it become one.
 */
export function combined(
  pool: Pool,
  combine: Combination,
  over: readonly string[],
  inputs: readonly Node[],
  component: number,
): Node {
  const inner = commonReduction(inputs);
  if (over.length > 0 && inner !== undefined && disjoint(inner.over, over)) {
    const kind = joinedKind(combine, inner);
    if (kind !== undefined) return pool.reduced(kind, [...inner.over, ...over], inner.inputs, component);
  }
  return (
    maximumOfOnline(pool, combine, over, inputs) ??
    sumOfOnline(pool, combine, over, inputs) ??
    pool.reduced(combine, over, inputs, component)
  );
}

/** The reduction whose components the inputs are, all of them and in order. */
function commonReduction(inputs: readonly Node[]): Reduction | undefined {
  const [first] = inputs;
  if (first?.form.kind !== 'reduced') return undefined;
  const { reduction } = first.form;
  const same = inputs.every(
    ({ form }, n) => form.kind === 'reduced' && form.reduction === reduction && form.component === n,
  );
  const { combine } = reduction;
  const components = combine.kind === 'region' ? combine.identity.length : 1;
  return same && components === inputs.length ? reduction : undefined;
}

function disjoint(a: readonly string[], b: readonly string[]): boolean {
  return !a.some((name) => b.includes(name));
}

function joinedKind(outer: Combination, { combine: inner }: Reduction): Combination | undefined {
  if (outer.kind === 'sum' && inner.kind === 'contract') return inner;
  if (outer.kind !== inner.kind || outer.kind === 'contract') return undefined;
  if (outer.kind === 'region' && inner.kind === 'region')
    return outer.name === inner.name ? inner : undefined;
  return inner;
}

function onlineSoftmax(node: Node, component: number): Reduction | undefined {
  if (node.form.kind !== 'reduced' || node.form.component !== component) return undefined;
  const { combine } = node.form.reduction;
  return combine.kind === 'region' && combine.name.startsWith('online-softmax')
    ? node.form.reduction
    : undefined;
}

/** The maximum of the maxima that lanes keep. */
function maximumOfOnline(
  pool: Pool,
  combine: Combination,
  over: readonly string[],
  inputs: readonly Node[],
): Node | undefined {
  const inner = combine.kind === 'max' ? onlineSoftmax(inputs[0], 0) : undefined;
  if (inner === undefined || !disjoint(inner.over, over)) return undefined;
  return pool.reduced(inner.combine, [...inner.over, ...over], inner.inputs, 0);
}

/** Σ s · exp(m − M) over the lanes' sums s and maxima m: the sum that belongs to the maximum M of all. */
function sumOfOnline(
  pool: Pool,
  combine: Combination,
  over: readonly string[],
  inputs: readonly Node[],
): Node | undefined {
  const form = inputs[0].form;
  if (combine.kind !== 'sum' || form.kind !== 'binary' || form.op !== 'mul') return undefined;
  for (const [sum, scale] of [
    [form.left, form.right],
    [form.right, form.left],
  ] as const) {
    const inner = onlineSoftmax(sum, 1);
    if (inner === undefined || !disjoint(inner.over, over)) continue;
    const variables = [...inner.over, ...over];
    const maximum = pool.reduced(inner.combine, variables, inner.inputs, 0);
    const laneMaximum = pool.reduced(inner.combine, inner.over, inner.inputs, 0);
    if (isShift(scale, laneMaximum, maximum)) return pool.reduced(inner.combine, variables, inner.inputs, 1);
  }
  return undefined;
}

/** Whether a node computes exp(m − M). */
function isShift(node: Node, lane: Node, maximum: Node): boolean {
  return SHIFTS.every(([m, all]) => {
    const leaf = (one: Node): number => (one === lane ? m : one === maximum ? all : Number.NaN);
    const [value] = evaluateNodes([node], { variable: () => Number.NaN, leaf });
    return near(value, Math.exp(m - all));
  });
}

const SHIFTS = [
  [-1.5, 2],
  [0.25, 0.25],
  [-3, -0.5],
  [0, 4],
] as const;
