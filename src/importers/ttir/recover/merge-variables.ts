import { laneSize } from '../execute/axes.ts';
import { quotient, remainder } from '../symbols/divide.ts';
import {
  type Atom,
  add,
  atomIndex,
  type Index,
  type IndexTerm,
  rangeOf,
  scale,
  sumsIn,
  variable,
  variablesOf,
} from '../symbols/index-expression.ts';
import { allIndices, boundTogether, type IterationDomain, rangesOf, replaceVariables } from './domain.ts';

/**
 * pid · BLOCK + lane, and loop · BLOCK + lane, become one variable each, so that block sizes vanish.
 * Where the high or the low part is itself a quotient or remainder (`pid / 16 · 64 + lane`), its
 * variable is split first.
 */
export function mergeVariables(domain: IterationDomain): void {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const best = bestPair(domain);
    if (best === undefined) return;
    if (best.high.kind !== 'variable') splitDigit(domain, best.high);
    else if (best.low.kind !== 'variable') splitDigit(domain, best.low);
    else merge(domain, best.high.name, best.low.name, best.size);
  }
}

const MAX_ROUNDS = 40;

type Digit = Extract<Atom, { kind: 'variable' | 'quotient' | 'remainder' }>;
/** high · size + low, with how well the program's sums agree with it. */
type Pair = Readonly<{ high: Digit; low: Digit; size: number; contradictions: number; alone: number }>;

function bestPair(domain: IterationDomain): Pair | undefined {
  const bound = boundTogether(domain);
  const sums = allIndices(domain).flatMap(tellingSums);
  const pairs = new Map<string, Pair>();
  for (const sum of sums) {
    for (const { high, low, size } of pairsIn(domain, sum)) {
      const key = `${keyOf(high)} ${keyOf(low)}`;
      if (pairs.has(key) || !mayMerge(bound, rootOf(high), rootOf(low))) continue;
      pairs.set(key, { high, low, size, ...evidence(sums, high, low, size) });
    }
  }
  const rank = (a: Pair, b: Pair): number =>
    a.contradictions - b.contradictions || Number(isPlain(b)) - Number(isPlain(a)) || b.alone - a.alone;
  return [...pairs.values()].sort(rank)[0];
}

/**
 * An index and the sums inside its quotients and remainders. One term alone inside says nothing:
 * it is what is left of `(pid · 512 + lane) % 64`.
 */
function tellingSums(index: Index): Index[] {
  return [...sumsIn(index)].filter((sum) => sum === index || sum.terms.size > 1);
}

function isPlain({ high, low }: Pair): boolean {
  return high.kind === 'variable' && low.kind === 'variable';
}

function keyOf(atom: Digit): string {
  return atomIndex(atom).key;
}

function rootOf(atom: Digit): string {
  return [...variablesOf(atomIndex(atom))][0];
}

/** A variable, or a quotient or remainder of one. */
function digitOf({ atom }: IndexTerm): Digit | undefined {
  if (atom.kind === 'variable') return atom;
  return atom.kind !== 'opaque' && variablesOf(atom.of).size === 1 ? atom : undefined;
}

/** Program ids and loop counters are the high parts of indices, lanes the low ones. */
function isHigh(name: string): boolean {
  return name.startsWith('pid') || name.startsWith('loop');
}

function* pairsIn(domain: IterationDomain, sum: Index): Generator<Pick<Pair, 'high' | 'low' | 'size'>> {
  for (const term of sum.terms.values()) {
    const high = digitOf(term);
    if (high === undefined || !isHigh(rootOf(high))) continue;
    for (const other of sum.terms.values()) {
      const low = digitOf(other);
      if (low === undefined || laneSize(rootOf(low)) === undefined) continue;
      const size = rangeOf(atomIndex(low), rangesOf(domain)).greatest + 1;
      if (term.factor === size * other.factor) yield { high, low, size };
    }
  }
}

/** Reductions bind both or neither: a row's program id and its columns stay apart. */
function mayMerge(bound: ReadonlyMap<string, readonly Set<string>[]>, high: string, low: string): boolean {
  const highGroups = bound.get(high) ?? [];
  const lowGroups = bound.get(low) ?? [];
  return highGroups.every((group) => group.has(low)) && lowGroups.every((group) => group.has(high));
}

/** In how many sums the low part stands without the high one, or in another ratio; in how many just the two. */
function evidence(sums: readonly Index[], high: Digit, low: Digit, size: number) {
  let contradictions = 0;
  let alone = 0;
  for (const sum of sums) {
    const highFactor = sum.terms.get(termKey(high))?.factor ?? 0;
    const lowFactor = sum.terms.get(termKey(low))?.factor ?? 0;
    if (lowFactor === 0) continue;
    if (highFactor !== size * lowFactor) contradictions += 1;
    else if (sum.terms.size === 2) alone += 1;
  }
  return { contradictions, alone };
}

function termKey(atom: Digit): string {
  return [...atomIndex(atom).terms.keys()][0];
}

/** Variable v at the digit (v / a) % b becomes v = … + a · digit + …, with a variable a digit. */
function splitDigit(domain: IterationDomain, digit: Digit): void {
  const name = rootOf(digit);
  const cut = digit.kind === 'variable' ? 1 : digit.by;
  const inner = digit.kind === 'variable' ? 1 : innerCut(digit.of);
  splitVariable(
    domain,
    name,
    [inner, inner * cut].filter((at) => at > 1),
  );
}

function innerCut(index: Index): number {
  const [term] = [...index.terms.values()];
  if (term?.atom.kind === 'quotient') return innerCut(term.atom.of) * term.atom.by;
  return term?.atom.kind === 'remainder' ? innerCut(term.atom.of) : 1;
}

/**
 * Splits a variable at ascending cuts, each a multiple of the one before: v = v0 + c1·v1 + c2·v2 …
 * The last part has the extent that is left, rounded up.
 */
export function splitVariable(
  domain: IterationDomain,
  name: string,
  cuts: readonly number[],
): readonly string[] {
  const extent = domain.extents.get(name) ?? Number.POSITIVE_INFINITY;
  const all = [1, ...new Set(cuts)];
  const parts = all.map((cut, n) => {
    const next = all[n + 1];
    const size = next === undefined ? Math.ceil(extent / cut) : next / cut;
    const part = partName(name, n, size);
    domain.extents.set(part, size);
    domain.scales.set(part, cut * (domain.scales.get(name) ?? 1));
    return { part, cut };
  });
  keepRoot(domain, name, parts[parts.length - 1]);
  const whole = parts.reduce<Index>(
    (sum, { part, cut }) => add(sum, scale(variable(part), cut)),
    scale(variable(name), 0),
  );
  replaceVariables(domain, (given) => (given === name ? whole : undefined));
  return parts.map(({ part }) => part);
}

/** The highest part stands for the programs; while their number is open, it is a program id itself. */
function keepRoot(domain: IterationDomain, name: string, { part, cut }: { part: string; cut: number }): void {
  const root = domain.roots.get(name);
  if (root === undefined) return;
  const open = domain.extents.get(part) === Number.POSITIVE_INFINITY;
  domain.roots.set(part, open ? { key: part, per: 1, block: 1 } : { ...root, per: root.per * cut });
}

/** Parts of lanes are lanes, parts of program ids program ids. */
function partName(name: string, n: number, size: number): string {
  const lane = /^lane(\d+)_\d+('*)$/.exec(name);
  return lane === null ? `${name}.${n}` : `lane${lane[1]}${n}_${size}${lane[2]}`;
}

function merge(domain: IterationDomain, high: string, low: string, size: number): void {
  const extent = (domain.extents.get(high) ?? Number.POSITIVE_INFINITY) * size;
  const name = mergedName(high, low);
  domain.extents.set(name, extent);
  const root = domain.roots.get(high);
  if (root !== undefined)
    domain.roots.set(name, { ...root, per: root.per * (domain.scales.get(low) ?? 1), block: size });
  const whole = variable(name);
  const ranges = rangesOf(domain);
  replaceVariables(domain, (given) => {
    if (given === high) return quotient(whole, size, ranges);
    return given === low ? remainder(whole, size, ranges) : undefined;
  });
}

/** Not a lane's and not a program id's name: what is merged stays so. */
function mergedName(high: string, low: string): string {
  return `all.${high}.${low}`;
}
