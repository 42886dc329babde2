import type { Sink } from '../execute/context.ts';
import { cutsOf } from './digits.ts';
import {
  allIndices,
  boundTogether,
  type IterationDomain,
  maskConjuncts,
  type Root,
  replaceNodes,
  replaceVariables,
  roomFor,
  upperBound,
  variablesOfSink,
} from './domain.ts';

/** Where the extents of an imported kernel come from. */
export type ExtentsFrom = 'mask' | 'default' | 'shape' | 'wrapper';

/**
 * Gives every program id's variable its extent: what was asked for, else the bound that all stores
 * check, else what the programs of `grid` cover, else a default of 2^20 points in all. Returns where the
 * extents come from.
 */
export function settleExtents(
  domain: IterationDomain,
  asked: ReadonlyMap<string, number>,
  grid: readonly number[],
): ExtentsFrom {
  let from: ExtentsFrom = 'mask';
  const open: string[] = [];
  for (const name of unbounded(domain)) {
    const wanted = askedExtent(domain.roots.get(name), asked);
    const stated = storeBound(domain, name);
    const extent = wanted ?? stated ?? coveredExtent(domain.roots.get(name), grid);
    if (wanted !== undefined) {
      from = 'shape';
      dropBound(domain, name, stated);
    }
    if (extent === undefined) open.push(name);
    else domain.extents.set(name, extent);
  }
  if (open.length > 0 && from === 'mask') from = 'default';
  for (const name of open) domain.extents.set(name, defaultExtent(domain, name, open.length));
  replaceVariables(domain);
  return from;
}

function askedExtent(root: Root | undefined, asked: ReadonlyMap<string, number>): number | undefined {
  if (root === undefined) return undefined;
  const values = asked.get(root.key);
  return values === undefined ? undefined : Math.ceil(values / root.per);
}

/** The points along a variable that so many programs of one block each cover. */
function coveredExtent(root: Root | undefined, grid: readonly number[]): number | undefined {
  const programs = grid[['pid0', 'pid1', 'pid2'].indexOf(root?.key ?? '')];
  return root === undefined || programs === undefined ? undefined : (programs * root.block) / root.per;
}

/** Takes the program's own `name < stated` to hold: the extent is another one now. */
function dropBound(domain: IterationDomain, name: string, stated: number | undefined): void {
  replaceNodes(domain, (node) => {
    const bound = upperBound(node);
    return bound?.name === name && bound.below === stated ? domain.pool.bool(true) : undefined;
  });
}

/** Variables with infinitely many values that still occur. */
function unbounded(domain: IterationDomain): string[] {
  const names = new Set(domain.sinks.flatMap((sink) => [...variablesOfSink(sink)]));
  return [...names].filter(
    (name) => (domain.extents.get(name) ?? Number.POSITIVE_INFINITY) === Number.POSITIVE_INFINITY,
  );
}

/** The bound that every store depending on a variable checks; with gaps, rounded up to whole blocks. */
function storeBound(domain: IterationDomain, name: string): number | undefined {
  const sinks = domain.sinks.filter((sink) => variablesOfSink(sink).has(name));
  const bounds = sinks.map((sink) => boundIn(sink, name) ?? looseBound(sink, name));
  const known = bounds.filter((bound) => bound !== undefined);
  if (known.length === 0) return undefined;
  const largest = Math.max(...known);
  if (known.length === bounds.length) return largest;
  const block = domain.roots.get(name)?.block ?? 1;
  return Math.ceil(largest / block) * block;
}

export function boundIn(sink: Sink, name: string): number | undefined {
  const bounds = maskConjuncts(sink.mask).flatMap((part) => {
    const bound = upperBound(part);
    return bound?.name === name && bound.below > 0 ? [bound.below] : [];
  });
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}

/** The bound in a condition on a sum of several variables (`4·a + b < n`): it stays a condition. */
function looseBound(sink: Sink, name: string): number | undefined {
  for (const { form } of maskConjuncts(sink.mask)) {
    if (form.kind !== 'sign' || form.sign !== 'lt') continue;
    const factor = form.index.terms.get(name)?.factor ?? 0;
    const rising = [...form.index.terms.values()].every((term) => term.factor > 0);
    if (factor > 0 && rising && form.index.constant < 0) return Math.ceil(-form.index.constant / factor);
  }
  return undefined;
}

const DEFAULT_POINTS = 2 ** 20;
const DEFAULT_SIDE = 1024;

/**
 * What fits between the strides of the arrays; without such, one open extent fills up to 2^20 points,
 * several are 1024 each.
 * Whole blocks and divisors in any case.
 */
function defaultExtent(domain: IterationDomain, name: string, open: number): number {
  const cuts = cutsOf(domain).get(name) ?? [];
  const block = [...cuts].reduce(leastCommonMultiple, domain.roots.get(name)?.block ?? 1);
  const room = Math.min(...allIndices(domain).map((index) => roomFor(index, name)));
  if (room !== Number.POSITIVE_INFINITY) return Math.ceil(room / block) * block;
  const wanted =
    open > 1 ? DEFAULT_SIDE : Math.max(1, Math.floor(DEFAULT_POINTS / otherPoints(domain, name)));
  return Math.ceil(wanted / block) * block;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** Points for each value of a variable: those of the largest store, with what it reduces over. */
function otherPoints(domain: IterationDomain, name: string): number {
  const bound = [...boundTogether(domain).keys()];
  const points = domain.sinks
    .map((sink) => new Set([...variablesOfSink(sink), ...bound]))
    .filter((names) => names.has(name))
    .map((names) => [...names].reduce((all, one) => all * (one === name ? 1 : finite(domain, one)), 1));
  return Math.max(1, ...points);
}

function finite(domain: IterationDomain, name: string): number {
  const extent = domain.extents.get(name) ?? 1;
  return extent === Number.POSITIVE_INFINITY ? 1 : extent;
}
