import type { Index } from '../symbols/index-expression.ts';
import { type Node, reachable } from '../symbols/node.ts';
import { boundTogether, extentOf, type IterationDomain, sinkNodes } from './domain.ts';

/** A dimension of the kernel and the variable it is. */
export type NamedDimension = Readonly<{ variable: string; name: string; extent: number; reduced: boolean }>;

/**
 * The dimensions in loop order, outermost first: those of the first store by falling stride, then
 * those of the other accesses. Names do not depend on how the program was tiled, and are none of
 * `taken`.
 */
export function dimensionsOf(domain: IterationDomain, taken: readonly string[]): NamedDimension[] {
  const bound = boundTogether(domain);
  const order: string[] = [];
  for (const index of accesses(domain)) {
    for (const name of byStride(index)) if (!order.includes(name)) order.push(name);
  }
  for (const name of bound.keys()) if (!order.includes(name)) order.push(name);
  const reduced = order.filter((name) => bound.has(name));
  const parallel = order.filter((name) => !bound.has(name));
  const sorted = [...order].sort((a, b) => Number(reducedOnly(domain, a)) - Number(reducedOnly(domain, b)));
  const names = namesFor(domain, parallel, reduced);
  return sorted.map((variable) => ({
    variable,
    name: untaken(names.get(variable) ?? variable, taken),
    extent: extentOf(domain, variable),
    reduced: bound.has(variable),
  }));
}

function accesses(domain: IterationDomain): Index[] {
  const loads = reachable(sinkNodes(domain.sinks)).flatMap(({ form }: Node) =>
    form.kind === 'load' ? [form.index] : [],
  );
  const others = reachable(sinkNodes(domain.sinks)).flatMap(({ form }: Node) =>
    form.kind === 'index' || form.kind === 'sign' ? [form.index] : [],
  );
  return [...domain.sinks.map((sink) => sink.index), ...loads, ...others];
}

function byStride({ terms }: Index): string[] {
  const variables = [...terms.values()].flatMap(({ atom, factor }) =>
    atom.kind === 'variable' ? [{ name: atom.name, stride: Math.abs(factor) }] : [],
  );
  return variables.sort((a, b) => b.stride - a.stride).map(({ name }) => name);
}

/** No store writes along it: its loops are the innermost. */
function reducedOnly(domain: IterationDomain, name: string): boolean {
  return !domain.sinks.some((sink) => sink.index.terms.has(name));
}

/** An argument of the program may be called as a dimension would be. */
function untaken(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? untaken(`${name}_`, taken) : name;
}

const PARALLEL = ['x', 'y', 'z'];

function namesFor(
  domain: IterationDomain,
  parallel: readonly string[],
  reduced: readonly string[],
): Map<string, string> {
  const contracts = reachable(sinkNodes(domain.sinks)).some(
    ({ form }) => form.kind === 'reduced' && form.reduction.combine.kind === 'contract',
  );
  const names = new Map<string, string>();
  const matrix = contracts && parallel.length >= 2 && reduced.length === 1;
  for (const [n, variable] of parallel.entries()) {
    const position = parallel.length - 1 - n;
    const plain = parallel.length <= 3 ? PARALLEL[position] : `x${position}`;
    names.set(variable, matrix && position < 2 ? ['n', 'm'][position] : matrix ? `b${position - 2}` : plain);
  }
  for (const [n, variable] of reduced.entries()) {
    names.set(variable, matrix ? 'k' : reduced.length === 1 ? 'r' : `r${reduced.length - 1 - n}`);
  }
  return names;
}
