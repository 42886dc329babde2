import { add, type Index, scale, variable } from '../symbols/index-expression.ts';
import { reachable } from '../symbols/node.ts';
import { freeVariables } from '../symbols/rewrite.ts';
import {
  allIndices,
  boundTogether,
  extentOf,
  type IterationDomain,
  replaceVariables,
  sinkNodes,
  variablesOfSink,
} from './domain.ts';

/**
 * Two variables that always stand next to each other (stride of the outer = stride of the inner ×
 * its extent, in every index) are one: so a kernel has the same dimensions whatever its tiles were.
 */
export function fuseVariables(domain: IterationDomain): void {
  for (;;) {
    const names = variablesIn(domain);
    const pair = names
      .flatMap((outer) => names.map((inner) => [outer, inner] as const))
      .find(([outer, inner]) => outer !== inner && areOne(domain, outer, inner));
    if (pair === undefined) return;
    fuse(domain, ...pair);
  }
}

function variablesIn(domain: IterationDomain): string[] {
  const names = new Set<string>();
  for (const index of allIndices(domain)) for (const name of index.terms.keys()) names.add(name);
  return [...names].filter((name) => domain.extents.has(name));
}

function areOne(domain: IterationDomain, outer: string, inner: string): boolean {
  const extent = extentOf(domain, inner);
  const adjacent = allIndices(domain).every(({ terms }) => {
    const outerFactor = terms.get(outer)?.factor ?? 0;
    return outerFactor === extent * (terms.get(inner)?.factor ?? 0);
  });
  return adjacent && sameScopes(domain, outer, inner);
}

/** Both are reduced together or not at all, and every value depends on both or on neither. */
function sameScopes(domain: IterationDomain, outer: string, inner: string): boolean {
  const bound = boundTogether(domain);
  const together = (one: string, other: string): boolean =>
    (bound.get(one) ?? []).every((group) => group.has(other));
  if (!together(outer, inner) || !together(inner, outer)) return false;
  const known = new Map<number, ReadonlySet<string>>();
  const both = (names: ReadonlySet<string>): boolean => names.has(outer) === names.has(inner);
  return (
    domain.sinks.every((sink) => both(variablesOfSink(sink))) &&
    reachable(sinkNodes(domain.sinks)).every((node) => both(freeVariables(node, known)))
  );
}

function fuse(domain: IterationDomain, outer: string, inner: string): void {
  const size = extentOf(domain, inner);
  const name = `${outer}&${inner}`;
  domain.extents.set(name, size * extentOf(domain, outer));
  const root = domain.roots.get(outer);
  if (root !== undefined) domain.roots.set(name, { ...root, per: root.per / size });
  replaceFused(domain, outer, inner, name);
}

/** outer · (size · f) + inner · f becomes name · f: the inner variable's terms carry the factor. */
function replaceFused(domain: IterationDomain, outer: string, inner: string, name: string): void {
  const nothing: Index = scale(variable(name), 0);
  const whole = add(nothing, variable(name));
  replaceVariables(domain, (given) => (given === outer ? nothing : given === inner ? whole : undefined));
}
