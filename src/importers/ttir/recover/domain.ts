import type { Sink } from '../execute/context.ts';
import type { Place } from '../refusal.ts';
import { type Index, type Ranges, variablesOf } from '../symbols/index-expression.ts';
import { indicesOf, type Node, reachable } from '../symbols/node.ts';
import type { Pool } from '../symbols/pool.ts';
import { type Change, freeVariables, rewrite, rewriteIndex } from '../symbols/rewrite.ts';

/**
 * The stores of a program with the variables they depend on. Variables start as program ids, lanes
 * and loop counters and are merged, bounded and split until every index is affine.
 */
export type IterationDomain = {
  readonly pool: Pool;
  readonly file: string;
  sinks: readonly Sink[];
  /** Where each operand is read first. */
  readonly loads: ReadonlyMap<string, Place>;
  /** Number of values of each variable; infinite while it is not known. */
  readonly extents: Map<string, number>;
  readonly roots: Map<string, Root>;
  /** For a part of a split variable: by how much one step of it moves the whole. */
  readonly scales: Map<string, number>;
};

/**
 * A variable that stands for programs of the grid: `key` is the program id (or the part of one) it
 * came from. That has extent · `per` values, in whole blocks of `block`.
 */
export type Root = Readonly<{ key: string; per: number; block: number }>;

export function extentOf(domain: IterationDomain, variable: string): number {
  return domain.extents.get(variable) ?? Number.POSITIVE_INFINITY;
}

export function rangesOf(domain: IterationDomain): Ranges {
  return (name) => ({ least: 0, greatest: extentOf(domain, name) - 1 });
}

/** All roots of the graph: values and masks of the stores. */
export function sinkNodes(sinks: readonly Sink[]): Node[] {
  return sinks.flatMap((sink) => (sink.mask === undefined ? [sink.value] : [sink.value, sink.mask]));
}

/** Replaces variables everywhere and simplifies with the extents known by now. */
export function replaceVariables(
  domain: IterationDomain,
  variable: (name: string) => Index | undefined = () => undefined,
): void {
  replaceAll(domain, { variable, ranges: rangesOf(domain) });
}

/** Replaces whole indices everywhere. */
export function replaceIndices(domain: IterationDomain, index: (index: Index) => Index): void {
  replaceAll(domain, { index, ranges: rangesOf(domain) });
}

/** Replaces nodes everywhere. */
export function replaceNodes(domain: IterationDomain, node: (node: Node) => Node | undefined): void {
  replaceAll(domain, { node, ranges: rangesOf(domain) });
}

function replaceAll(domain: IterationDomain, change: Change): void {
  const nodes = rewrite(domain.pool, sinkNodes(domain.sinks), change);
  let next = 0;
  domain.sinks = domain.sinks.map(({ mask, ...sink }) => {
    const index = rewriteIndex(sink.index, change);
    const value = nodes[next++];
    const when = mask === undefined ? undefined : nodes[next++];
    const always = when === undefined || (when.form.kind === 'constant' && when.form.value === 1);
    return always ? { ...sink, index, value } : { ...sink, index, value, mask: when };
  });
}

/** Every index anywhere in the program. */
export function allIndices(domain: IterationDomain): Index[] {
  const inside = reachable(sinkNodes(domain.sinks)).flatMap(indicesOf);
  return [...domain.sinks.map((sink) => sink.index), ...inside];
}

/** The variables that reductions bind, and with which others each is bound. */
export function boundTogether(domain: IterationDomain): Map<string, Set<string>[]> {
  const bound = new Map<string, Set<string>[]>();
  const seen = new Set<string>();
  for (const { form } of reachable(sinkNodes(domain.sinks))) {
    if (form.kind !== 'reduced' || seen.has(form.reduction.key)) continue;
    seen.add(form.reduction.key);
    const group = new Set(form.reduction.over);
    for (const name of group) bound.set(name, [...(bound.get(name) ?? []), group]);
  }
  return bound;
}

/** The variables of a store that no reduction binds. */
export function variablesOfSink(sink: Sink): Set<string> {
  const found = variablesOf(sink.index);
  for (const node of sinkNodes([sink])) for (const name of freeVariables(node)) found.add(name);
  return found;
}

/** The parts of a conjunction. */
export function maskConjuncts(mask: Node | undefined): Node[] {
  if (mask === undefined) return [];
  const { form } = mask;
  if (form.kind === 'binary' && form.op === 'and')
    return [...maskConjuncts(form.left), ...maskConjuncts(form.right)];
  return [mask];
}

/** If the condition says `variable < n` and nothing else: that variable and n. */
export function upperBound({ form }: Node): Readonly<{ name: string; below: number }> | undefined {
  if (form.kind !== 'sign' || form.sign !== 'lt' || form.index.terms.size !== 1) return undefined;
  const [{ atom, factor }] = [...form.index.terms.values()];
  if (atom.kind !== 'variable' || factor <= 0) return undefined;
  return { name: atom.name, below: Math.ceil(-form.index.constant / factor) };
}

/** How many steps of a variable fit between its stride in an index and the next larger one. */
export function roomFor({ terms }: Index, name: string): number {
  const stride = Math.abs(terms.get(name)?.factor ?? 0);
  if (stride === 0) return Number.POSITIVE_INFINITY;
  const larger = [...terms.values()]
    .map(({ factor }) => Math.abs(factor))
    .filter((factor) => factor > stride);
  return Math.floor(Math.min(...larger) / stride);
}
