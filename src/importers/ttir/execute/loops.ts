import { randomFor } from '../../../../search-space/random.ts';
import { combinationOf, KNOWN, type Known, sampleNumber } from '../symbols/combinations.ts';
import {
  add,
  type Index,
  isConstant,
  scale,
  subtract,
  variable,
  variablesOf,
} from '../symbols/index-expression.ts';
import { type Node, reachable } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';
import { dependsOn, evaluateNodes, near, type ProbePoint } from '../symbols/probe.ts';
import { rewrite } from '../symbols/rewrite.ts';
import { combined } from './merge.ts';

/** What a loop carries: its state at the start of an iteration, its first value, its next value. */
export type Carried = Readonly<{ name: string; state: Node; first: Node; next: Node }>;

/**
 * The final values of what a loop carries, as reductions over its counter. A group of carried
 * values s is a known reduction ⊕ if next(s, x) = s ⊕ item(x), where item(x) = next(neutral, x);
 * whether that holds is tried on numbers. Undefined for a value that is no reduction.
 */
export function finalValues(pool: Pool, carried: readonly Carried[], counter: string): (Node | undefined)[] {
  const solved = new Map<string, Node>();
  for (const one of carried) {
    if (solved.has(one.name)) continue;
    const group = closure(carried, one);
    for (const [name, value] of solveGroup(pool, group, counter) ?? []) solved.set(name, value);
  }
  return carried.map((one) => solved.get(one.name));
}

function stateOf(node: Node): string | undefined {
  return node.form.kind === 'state' ? node.form.name : undefined;
}

/** All carried values on which the next value of `one` depends, in the order of the loop. */
function closure(carried: readonly Carried[], one: Carried): Carried[] {
  const names = new Set([one.name]);
  for (let size = 0; size !== names.size; ) {
    size = names.size;
    for (const other of carried) {
      if (!names.has(other.name)) continue;
      for (const node of reachable([other.next])) {
        const name = stateOf(node);
        if (name !== undefined) names.add(name);
      }
    }
  }
  return carried.filter((other) => names.has(other.name));
}

function solveGroup(pool: Pool, group: readonly Carried[], counter: string): [string, Node][] | undefined {
  if (!isPlain(group)) return undefined;
  for (const order of orders(group)) {
    const dtypes = order.map((one) => one.state.dtype);
    for (const known of KNOWN) {
      if (known.arity !== order.length || !known.fits(dtypes)) continue;
      const items = itemsOf(pool, order, known);
      if (items !== undefined && agrees(pool, order, known, items, counter)) {
        return reducedOver(pool, order, known, items, counter);
      }
    }
  }
  return undefined;
}

/** Each element follows its own state: none is seen along other axes or inside a reduction. */
function isPlain(group: readonly Carried[]): boolean {
  const states = new Set(group.map((one) => one.state));
  const isState = (node: Node): boolean => node.form.kind === 'state';
  return reachable(group.map((one) => one.next)).every((node) => {
    if (isState(node)) return states.has(node);
    return node.form.kind !== 'reduced' || !dependsOn(node.form.reduction.inputs, isState);
  });
}

/** The few orders in which a group may be (value, index) or (mean, squares, weight). */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length > 3) return [];
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, n) => orders(items.toSpliced(n, 1)).map((rest) => [item, ...rest]));
}

/** What an iteration contributes: its next values when it starts from the neutral element. */
function itemsOf(pool: Pool, group: readonly Carried[], known: Known): Node[] | undefined {
  const identity = known.identity(group.map((one) => one.state.dtype));
  const neutral = new Map(group.map((one, n) => [one.name, pool.constant(identity[n], one.state.dtype)]));
  const items = rewrite(
    pool,
    group.map((one) => one.next),
    { node: (node) => neutral.get(stateOf(node) ?? '') },
  );
  if (dependsOn(items, (node) => node.form.kind === 'state')) return undefined;
  return items.map((item) => settled(pool, item));
}

/** A node that is one constant whatever its leaves are becomes it (`exp(x − x)`), branch by branch. */
function settled(pool: Pool, node: Node): Node {
  if (node.form.kind === 'select') {
    const { condition, then, otherwise } = node.form;
    return pool.select(condition, settled(pool, then), settled(pool, otherwise));
  }
  if (node.form.kind === 'load' || node.form.kind === 'reduced' || node.form.kind === 'index') return node;
  const values = Array.from({ length: 6 }, (_, n) => evaluateNodes([node], randomWorld('settled', n))[0]);
  const [value] = values;
  const constant = Number.isFinite(value) && values.every((other) => near(other, value));
  return constant ? pool.constant(Math.round(value * 1e6) / 1e6 + 0, node.dtype) : node;
}

/** How far indices are drawn: near the start masks hold, far away they do not. */
const REACHES = [2, 3, 8, 100, 5000];

/** Leaves and indices drawn at random, the same for the same node. */
function randomWorld(key: string, attempt: number, iteration = 0): ProbePoint {
  const memo = new Map<string | number, number>();
  const draw = (key: string | number, value: () => number): number => {
    const known = memo.get(key) ?? value();
    memo.set(key, known);
    return known;
  };
  const random = randomFor('loop', key, attempt, iteration);
  return {
    variable: (name) => draw(name, () => Math.floor(random() * REACHES[attempt % REACHES.length])),
    leaf: (node) => draw(node.id, () => sampleNumber(random, node.dtype)),
  };
}

const TRIES = 24;
const ITERATIONS = 4;

/** Follows the loop for some iterations on random data, and the reduction beside it. */
function agrees(
  pool: Pool,
  group: readonly Carried[],
  known: Known,
  items: readonly Node[],
  counter: string,
): boolean {
  const dtypes = group.map((one) => one.state.dtype);
  const combine = combinationOf(pool, known, dtypes);
  const join = joiner(pool, known, dtypes);
  const identity = combine.kind === 'region' ? combine.identity : known.identity(dtypes);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    // From the neutral element alone 0 · x would pass for a sum: half the tries start elsewhere.
    const first = attempt % 2;
    const start = first === 0 ? identity : known.sample(randomFor('state', known.name, attempt), dtypes);
    let looped: readonly number[] = start;
    let reduced: readonly number[] = start;
    for (let iteration = first; iteration < ITERATIONS; iteration++) {
      const world = iterationWorld(
        randomWorld(known.name, attempt, iteration),
        group,
        looped,
        counter,
        iteration,
      );
      const nodes = [...group.map((one) => one.next), ...items];
      const values = evaluateNodes(nodes, world);
      looped = values.slice(0, group.length);
      reduced = join(reduced, values.slice(group.length));
      if (!looped.every((value, n) => near(value, reduced[n]))) return false;
    }
  }
  return true;
}

function iterationWorld(
  random: ProbePoint,
  group: readonly Carried[],
  state: readonly number[],
  counter: string,
  iteration: number,
): ProbePoint {
  const now = new Map(group.map((one, n) => [one.name, state[n]]));
  return {
    variable: (name) => (name === counter ? iteration : random.variable(name)),
    leaf: (node) => now.get(stateOf(node) ?? '') ?? random.leaf(node),
  };
}

function joiner(pool: Pool, known: Known, dtypes: readonly Node['dtype'][]) {
  const left = dtypes.map((dtype, n) => pool.parameter(`left${n}`, dtype));
  const right = dtypes.map((dtype, n) => pool.parameter(`right${n}`, dtype));
  const results = known.join(pool, left, right);
  return (a: readonly number[], b: readonly number[]): number[] => {
    const leaf = (node: Node): number => {
      const position = left.indexOf(node);
      return position >= 0 ? a[position] : b[right.indexOf(node)];
    };
    return evaluateNodes(results, { variable: () => Number.NaN, leaf });
  };
}

/** The first values joined with the items of all iterations. */
function reducedOver(
  pool: Pool,
  group: readonly Carried[],
  known: Known,
  items: readonly Node[],
  counter: string,
): [string, Node][] {
  const dtypes = group.map((one) => one.state.dtype);
  const combine = combinationOf(pool, known, dtypes);
  const totals = group.map((_, n) => combined(pool, combine, [counter], items, n));
  const joined = known.join(
    pool,
    group.map((one) => one.first),
    totals,
  );
  const identity = known.identity(dtypes);
  const fromNeutral = group.every((one, n) => isNumber(one.first, identity[n]));
  return group.map((one, n) => [one.name, fromNeutral ? totals[n] : joined[n]]);
}

function isNumber({ form }: Node, value: number): boolean {
  if (form.kind === 'constant') return form.value === value;
  return form.kind === 'index' && isConstant(form.index) && form.index.constant === value;
}

/** What is added to an index in every iteration, if that is the same each time. */
export function steadyStep(next: Index, state: string, counter: string): Index | undefined {
  const step = subtract(next, variable(state));
  const names = variablesOf(step);
  return [...names].some((name) => name.startsWith('$') || name === counter) ? undefined : step;
}

/** first + step · times, where the step is a number or `times` is. */
export function steadyIndex(first: Index, step: Index, times: Index): Index | undefined {
  if (isConstant(step)) return add(first, scale(times, step.constant));
  return isConstant(times) ? add(first, scale(step, times.constant)) : undefined;
}
