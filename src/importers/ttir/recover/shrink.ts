import { randomFor } from '../../../../search-space/random.ts';
import { KNOWN, sampleNumber } from '../symbols/combinations.ts';
import { type Node, type Reduction, reachable } from '../symbols/node.ts';
import { evaluateNodes, near, type ProbePoint } from '../symbols/probe.ts';
import { type IterationDomain, replaceVariables, sinkNodes, upperBound, variablesOfSink } from './domain.ts';
import { boundIn } from './extents.ts';

/**
 * Blocks reach beyond the end of a row; a mask cuts them off. A variable that all stores cut at the
 * same n, and beyond which all reductions add nothing, has just n values, and its mask is gone.
 */
export function shrinkToMasks(domain: IterationDomain): void {
  for (const [name, candidates] of boundCandidates(domain)) {
    const extent = domain.extents.get(name) ?? 0;
    const fitting = [...candidates].filter((below) => below > 0 && below < extent).sort((a, b) => a - b);
    const bound = fitting.find((below) => mayShrink(domain, name, below, extent));
    if (bound === undefined) continue;
    domain.extents.set(name, bound);
    replaceVariables(domain);
  }
}

/** The numbers with which each variable is compared. */
function boundCandidates(domain: IterationDomain): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const node of reachable(sinkNodes(domain.sinks))) {
    const bound = upperBound(node);
    if (bound !== undefined) found.set(bound.name, new Set([...(found.get(bound.name) ?? []), bound.below]));
  }
  return found;
}

function mayShrink(domain: IterationDomain, name: string, below: number, extent: number): boolean {
  for (const sink of domain.sinks) {
    if (variablesOfSink(sink).has(name) && (boundIn(sink, name) ?? extent) > below) return false;
  }
  return reductionsOver(domain, name).every((reduction) =>
    addsNothing(domain, reduction, name, below, extent),
  );
}

function reductionsOver(domain: IterationDomain, name: string): Reduction[] {
  const found = new Map<string, Reduction>();
  for (const { form } of reachable(sinkNodes(domain.sinks))) {
    if (form.kind === 'reduced' && form.reduction.over.includes(name))
      found.set(form.reduction.key, form.reduction);
  }
  return [...found.values()];
}

const TRIES = 24;

/** Whether s ⊕ item = s for the items at `name` ≥ below, tried on random data. */
function addsNothing(
  domain: IterationDomain,
  reduction: Reduction,
  name: string,
  below: number,
  extent: number,
): boolean {
  const join = joinerOf(domain, reduction);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const random = randomFor('shrink', name, attempt);
    const world: ProbePoint = {
      variable: (one) => {
        if (one === name) return below + Math.floor(random() * (extent - below));
        return Math.floor(random() * Math.min(domain.extents.get(one) ?? 64, 4096));
      },
      leaf: (node) => sampleNumber(random, node.dtype),
    };
    const items = evaluateNodes(reduction.inputs, consistent(world));
    const state = join.sample(random);
    if (!join.apply(state, items).every((value, n) => near(value, state[n]))) return false;
  }
  return true;
}

/** Every variable and leaf keeps the value it was given first. */
function consistent(world: ProbePoint): ProbePoint {
  const variables = new Map<string, number>();
  const leaves = new Map<number, number>();
  const remembered = <K>(memo: Map<K, number>, key: K, draw: () => number): number => {
    const value = memo.get(key) ?? draw();
    memo.set(key, value);
    return value;
  };
  return {
    variable: (name) => remembered(variables, name, () => world.variable(name)),
    leaf: (node) => remembered(leaves, node.id, () => world.leaf(node)),
  };
}

type Joiner = Readonly<{
  sample: (random: () => number) => readonly number[];
  apply: (state: readonly number[], items: readonly number[]) => readonly number[];
}>;

function joinerOf(domain: IterationDomain, { combine, inputs }: Reduction): Joiner {
  const { pool } = domain;
  const dtypes = inputs.map((input) => input.dtype);
  if (combine.kind === 'contract') {
    return { sample: (random) => [sampleNumber(random, 'f32')], apply: ([s], [a, b]) => [s + a * b] };
  }
  if (combine.kind !== 'region') {
    const known = KNOWN.find((one) => one.name === combine.kind);
    if (known === undefined) throw new Error(`no rule joins ${combine.kind}`);
    const left = dtypes.map((dtype, n) => pool.parameter(`left${n}`, dtype));
    const right = dtypes.map((dtype, n) => pool.parameter(`right${n}`, dtype));
    const results = known.join(pool, left, right);
    return {
      sample: (random) => known.sample(random, dtypes),
      apply: (state, items) => applied(results, left, right, state, items),
    };
  }
  const known = KNOWN.find((one) => combine.name.startsWith(`${one.name}:`));
  return {
    sample: (random) => known?.sample(random, dtypes) ?? dtypes.map((dtype) => sampleNumber(random, dtype)),
    apply: (state, items) => applied(combine.results, combine.left, combine.right, state, items),
  };
}

function applied(
  results: readonly Node[],
  left: readonly Node[],
  right: readonly Node[],
  state: readonly number[],
  items: readonly number[],
): readonly number[] {
  const leaf = (node: Node): number => {
    const position = left.indexOf(node);
    return position >= 0 ? state[position] : items[right.indexOf(node)];
  };
  return evaluateNodes(results, { variable: () => Number.NaN, leaf });
}
