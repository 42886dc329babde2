import type { DType } from '../../../kernels/ir.ts';
import { stageResults } from '../../../kernels/walk.ts';
import { arithmetic } from './arithmetic.ts';
import { evaluate, type Place } from './expression.ts';
import type { Variable } from './graph.ts';
import type { Lanes } from './lanes.ts';
import type { Node } from './node.ts';
import type { Fold } from './plan.ts';
import { laneType } from './storage.ts';

/** The running components of a fold, one set for each register of a block. */
export type Accumulators = readonly (readonly Variable[])[];

/** Fresh accumulators at the fold's identity. */
export function startFold(l: Lanes, fold: Fold, registers: number, wide: boolean): Accumulators {
  const identities = identityOf(l, fold);
  return Array.from({ length: registers }, () => {
    const variables = identities.map((node) => l.graph.variable(node.type, wide));
    l.graph.set(
      variables,
      identities.map((node) => (wide ? l.widen(node) : node)),
    );
    return variables;
  });
}

/** The accumulators with the stage's values at a place taken in; nothing is set yet. */
export function foldIn(fold: Fold, variables: readonly Variable[], place: Place): readonly Node[] {
  const { lanes: l } = place;
  const before = variables.map((variable) => l.graph.get(variable));
  const after = advance(fold, before, place);
  return variables[0].wide ? after.map((node) => l.widen(node)) : after;
}

function advance(fold: Fold, before: readonly Node[], place: Place): readonly Node[] {
  const { lanes: l } = place;
  const [product, dtype] = productOf(fold);
  if (product !== undefined) {
    const [a, b] = product.map((part) => evaluate(part, place));
    if (laneType(dtype) === 'f32') return [l.mulAdd(a, b, before[0])];
    return [
      arithmetic.integerBinary(l, 'add', dtype, before[0], arithmetic.integerBinary(l, 'mul', dtype, a, b)),
    ];
  }
  const values = fold.kind === 'reduce' ? fold.values.map((value) => evaluate(value, place)) : [];
  const right = seesNaN(fold) ? [values[0], l.do('ne', values[0], values[0])] : values;
  return combine(fold, before, right, place);
}

/**
 * A float's greatest or least is NaN where any value is. The engine's own instructions for that are
 * long; a short one that loses NaN, beside a mask that remembers it, is a third faster.
 */
function seesNaN(fold: Fold): fold is Extract<Fold, { kind: 'reduce' }> {
  return (
    fold.kind === 'reduce' &&
    (fold.combine.kind === 'max' || fold.combine.kind === 'min') &&
    laneType(fold.values[0].dtype) === 'f32'
  );
}

/** The fold's results from its accumulated components. */
export function resultsOf(l: Lanes, fold: Fold, components: readonly Node[]): readonly Node[] {
  if (!seesNaN(fold)) return components;
  const [value, bad] = components;
  return [l.select(bad, l.f32(Number.NaN), value)];
}

/** What is multiplied, where a fold adds products up. */
function productOf(fold: Fold): readonly [readonly Parameters<typeof evaluate>[0][] | undefined, DType] {
  if (fold.kind === 'contract') return [[fold.left, fold.right], fold.dtype];
  const [value] = fold.values;
  const sums = fold.combine.kind === 'sum' && value.kind === 'binary' && value.op === 'mul';
  return [sums && laneType(value.dtype) === 'f32' ? [value.left, value.right] : undefined, value.dtype];
}

/** Two partial results as one. */
export function combine(
  fold: Fold,
  left: readonly Node[],
  right: readonly Node[],
  place: Place,
): readonly Node[] {
  const { lanes: l } = place;
  if (fold.kind === 'contract') return [plus(l, fold.dtype, left[0], right[0])];
  const { combine: how, values } = fold;
  if (seesNaN(fold)) {
    const closer = how.kind === 'max' ? l.atLeast(left[0], right[0]) : l.atMost(left[0], right[0]);
    return [closer, l.do('mor', left[1], right[1])];
  }
  if (how.kind !== 'region') return [simple(l, how.kind, values[0].dtype, left[0], right[0])];
  const given = new Map<string, Node>();
  how.left.forEach((name, n) => void given.set(name, left[n]));
  how.right.forEach((name, n) => void given.set(name, right[n]));
  const inside: Place = { ...place, value: (name) => given.get(name) ?? place.value(name) };
  return how.results.map((result) => evaluate(result, inside));
}

function plus(l: Lanes, dtype: DType, a: Node, b: Node): Node {
  return laneType(dtype) === 'f32' ? l.do('add', a, b) : arithmetic.integerBinary(l, 'add', dtype, a, b);
}

type Simple = 'sum' | 'product' | 'max' | 'min' | 'any' | 'all';
const BINARY = { sum: 'add', product: 'mul', max: 'max', min: 'min', any: 'or', all: 'and' } as const;

function simple(l: Lanes, kind: Simple, dtype: DType, a: Node, b: Node): Node {
  const op = BINARY[kind];
  return laneType(dtype) === 'f32'
    ? arithmetic.float(l, op, a, b)
    : arithmetic.integerBinary(l, op, dtype, a, b);
}

const BOUNDS: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  u8: [0, 255],
  i8: [-128, 127],
  i16: [-32768, 32767],
};

function identityOf(l: Lanes, fold: Fold): readonly Node[] {
  const number = (dtype: DType, value: number): Node => {
    const type = laneType(dtype);
    return type === 'f32' ? l.f32(value) : type === 'mask' ? l.mask(value !== 0) : l.i32(value);
  };
  if (fold.kind === 'contract') return [number(fold.dtype, 0)];
  const { combine: how, values } = fold;
  if (how.kind === 'region') {
    return stageResults(fold).map(({ dtype }, n) => number(dtype, how.identity[n]));
  }
  const [{ dtype }] = values;
  const float = laneType(dtype) === 'f32';
  const [least, greatest] = float
    ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    : (BOUNDS[dtype] ?? [-0x80000000, 0x7fffffff]);
  const identities = { sum: 0, product: 1, max: least, min: greatest, any: 0, all: 1 };
  const identity = number(dtype, identities[how.kind]);
  return seesNaN(fold) ? [identity, l.mask(false)] : [identity];
}

/** All registers' accumulators as one, in the order of a tree; then, where wide, its four lanes as one. */
export function finishFold(fold: Fold, accumulators: Accumulators, place: Place): readonly Node[] {
  const { lanes: l } = place;
  let level = accumulators.map((variables) => variables.map((variable) => l.graph.get(variable)));
  while (level.length > 1) {
    const half = Math.ceil(level.length / 2);
    level = level
      .slice(0, half)
      .map((left, n) => (n + half < level.length ? [...combine(fold, left, level[n + half], place)] : left));
  }
  let [result]: (readonly Node[])[] = level;
  if (!accumulators[0][0].wide) return result;
  for (const distance of [2, 1] as const) {
    result = combine(
      fold,
      result,
      result.map((node) => l.swap(node, distance)),
      place,
    );
  }
  return result.map((node) => l.extract(node, 0));
}
