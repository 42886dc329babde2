import type { InputError } from '../../../../search-space/input-error.ts';
import { refusal } from '../refusal.ts';
import { type Atom, type Index, variablesOf } from '../symbols/index-expression.ts';
import { reachable } from '../symbols/node.ts';
import { allIndices, type IterationDomain, sinkNodes, variablesOfSink } from './domain.ts';
import { splitVariable } from './merge-variables.ts';

/** A variable whose divisors do not divide each other and its extent. */
type Misfit = Readonly<{ name: string; extent: number; cuts: readonly number[] }>;

/**
 * Where a program divides a variable (`x / 64 % 4`), the variable becomes several, one a digit, and
 * its indices become affine. Returns a variable whose divisors do not fit each other, if there is one.
 */
export function splitDigits(domain: IterationDomain): Misfit | undefined {
  const cuts = cutsOf(domain);
  for (const [name, found] of cuts) {
    const extent = domain.extents.get(name) ?? Number.POSITIVE_INFINITY;
    const inside = [...found].filter((cut) => cut > 1 && cut < extent).sort((a, b) => a - b);
    const fits = [1, ...inside].every((cut, n) => n === inside.length || inside[n] % cut === 0);
    const whole = extent === Number.POSITIVE_INFINITY || extent % (inside.at(-1) ?? 1) === 0;
    if (!fits || !whole) return { name, extent, cuts: inside };
    if (inside.length > 0) splitVariable(domain, name, inside);
  }
  return undefined;
}

/** The refusal of a misfit, at the first load whose address is divided, else at the store it ends in. */
export function misfitRefusal(domain: IterationDomain, { name, extent, cuts }: Misfit): InputError {
  const odd = cuts.find((cut) => extent % cut !== 0);
  const reason =
    odd === undefined || extent === Number.POSITIVE_INFINITY
      ? `an index is divided by ${cuts.join(' and ')}, which do not divide each other`
      : `an index of ${extent} values is divided by ${odd}, which does not divide ${extent}`;
  const divided = ({ terms }: Index): boolean =>
    [...terms.values()].some(
      ({ atom }) => atom.kind !== 'variable' && atom.kind !== 'opaque' && variablesOf(atom.of).has(name),
    );
  const read = reachable(sinkNodes(domain.sinks)).find(
    ({ form }) => form.kind === 'load' && divided(form.index),
  );
  const place = read?.form.kind === 'load' ? domain.loads.get(read.form.operand) : undefined;
  if (place !== undefined) return refusal(domain.file, place, `tt.load: not affine: ${reason}`);
  const sink = domain.sinks.find((one) => variablesOfSink(one).has(name)) ?? domain.sinks[0];
  return refusal(domain.file, sink, `tt.store: not affine: ${reason}`);
}

/** The places at which each variable is cut by quotients and remainders of nothing but itself. */
export function cutsOf(domain: IterationDomain): Map<string, Set<number>> {
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
