import type { Atom, Index } from '../symbols/index-expression.ts';
import { allIndices, type Domain } from './domain.ts';
import { splitVariable } from './merge-variables.ts';

/**
 * Where a program divides a variable (`x / 64 % 4`), the variable becomes several, one a digit, and
 * its indices become affine. Returns a variable whose divisors do not fit each other, if there is one.
 */
export function splitDigits(domain: Domain): Readonly<{ name: string; cuts: readonly number[] }> | undefined {
  const cuts = cutsOf(domain);
  for (const [name, found] of cuts) {
    const extent = domain.extents.get(name) ?? Number.POSITIVE_INFINITY;
    const inside = [...found].filter((cut) => cut > 1 && cut < extent).sort((a, b) => a - b);
    const fits = [1, ...inside].every((cut, n) => n === inside.length || inside[n]! % cut === 0);
    const whole = extent === Number.POSITIVE_INFINITY || extent % (inside.at(-1) ?? 1) === 0;
    if (!fits || !whole) return { name, cuts: inside };
    if (inside.length > 0) splitVariable(domain, name, inside);
  }
  return undefined;
}

/** The places at which each variable is cut by quotients and remainders of nothing but itself. */
export function cutsOf(domain: Domain): Map<string, Set<number>> {
  const cuts = new Map<string, Set<number>>();
  for (const index of allIndices(domain)) collectCuts(index, cuts);
  return cuts;
}

function collectCuts(index: Index, cuts: Map<string, Set<number>>): void {
  for (const { atom } of index.terms.values()) {
    if (atom.kind === 'variable') continue;
    if (atom.kind === 'opaque') {
      collectCuts(atom.left, cuts);
      collectCuts(atom.right, cuts);
      continue;
    }
    const at = cutOf(atom);
    if (at === undefined) collectCuts(atom.of, cuts);
    else cuts.set(at.name, new Set([...(cuts.get(at.name) ?? []), at.from, at.to]));
  }
}

/** The digit (v / from) % (to / from) that an atom is; `to` is `from` where there is no remainder. */
function cutOf(atom: Atom): Readonly<{ name: string; from: number; to: number }> | undefined {
  if (atom.kind === 'variable') return { name: atom.name, from: 1, to: 1 };
  if (atom.kind === 'opaque') return undefined;
  const [term, ...others] = [...atom.of.terms.values()];
  if (term === undefined || others.length > 0 || term.factor !== 1 || atom.of.constant !== 0)
    return undefined;
  const inner = cutOf(term.atom);
  if (inner === undefined) return undefined;
  const { name, from } = inner;
  return atom.kind === 'quotient'
    ? { name, from: from * atom.by, to: from * atom.by }
    : { name, from, to: from * atom.by };
}
