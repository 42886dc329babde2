/**
 * Whole-number expressions over loop variables: sums of `factor · atom` and a constant, where an
 * atom is a variable, or a floor quotient or remainder of another such sum by a constant. This is
 * the language of index maps before it is known which of them are affine.
 */

export type Atom =
  | Readonly<{ kind: 'variable'; name: string }>
  | Readonly<{ kind: 'quotient' | 'remainder'; of: Index; by: number }>
  /** A function of program ids only that is no sum (a swizzle's `pid % min(…)`); computed, never read. */
  | Readonly<{ kind: 'opaque'; op: OpaqueOp; left: Index; right: Index }>;
export type OpaqueOp = 'quotient' | 'remainder' | 'product' | 'min' | 'max' | 'xor' | 'and' | 'or';

export type IndexTerm = Readonly<{ atom: Atom; factor: number }>;
/** `key` is equal for equal sums, and only for them. */
export type Index = Readonly<{ constant: number; terms: ReadonlyMap<string, IndexTerm>; key: string }>;

/** Least and greatest value; the greatest may be infinite. */
export type Range = Readonly<{ least: number; greatest: number }>;
/** The range of a variable; variables start at 0 unless told otherwise. */
export type Ranges = (name: string) => Range;

const UNBOUNDED: Range = { least: 0, greatest: Number.POSITIVE_INFINITY };
export const unbounded: Ranges = () => UNBOUNDED;

export function constantIndex(value: number): Index {
  return sum(value, []);
}

export function variable(name: string): Index {
  return atomIndex({ kind: 'variable', name });
}

export function atomIndex(atom: Atom): Index {
  return sum(0, [[atomKey(atom), { atom, factor: 1 }]]);
}

export function isConstant(index: Index): boolean {
  return index.terms.size === 0;
}

export function add(left: Index, right: Index, scale = 1): Index {
  if (scale === 1 && right.terms.size === 0 && right.constant === 0) return left;
  const terms = new Map(left.terms);
  for (const [key, { atom, factor }] of right.terms) {
    const total = (terms.get(key)?.factor ?? 0) + factor * scale;
    if (total === 0) terms.delete(key);
    else terms.set(key, { atom, factor: total });
  }
  return sum(left.constant + right.constant * scale, recombined(terms));
}

export function subtract(left: Index, right: Index): Index {
  return add(left, right, -1);
}

export function scale(index: Index, factor: number): Index {
  if (factor === 1) return index;
  return add(constantIndex(0), index, factor);
}

export function sum(constant: number, terms: Iterable<readonly [string, IndexTerm]>): Index {
  const sorted = [...terms].filter(([, term]) => term.factor !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = [...sorted.map(([name, { factor }]) => `${factor}*${name}`), constant].join('+');
  return { constant: constant + 0, terms: new Map(sorted), key };
}

function atomKey(atom: Atom): string {
  if (atom.kind === 'variable') return atom.name;
  if (atom.kind === 'opaque') return `${atom.op}(${atom.left.key},${atom.right.key})`;
  return `(${atom.of.key})${atom.kind === 'quotient' ? '/' : '%'}${atom.by}`;
}

/** f·(e % b) + f·b·(e / b) = f·e, and f·(e % b) + f·b·((e / b) % c) = f·(e % bc). */
function recombined(terms: Map<string, IndexTerm>): Iterable<readonly [string, IndexTerm]> {
  for (const [key, { atom, factor }] of terms) {
    if (atom.kind !== 'remainder') continue;
    for (const [otherKey, other] of terms) {
      const whole = other.factor === factor * atom.by ? joined(atom, other.atom) : undefined;
      if (whole === undefined) continue;
      terms.delete(key);
      terms.delete(otherKey);
      return add(sum(0, terms), whole, factor).terms;
    }
  }
  return terms;
}

function joined(low: Division, high: Atom): Index | undefined {
  const next = nextDigit(low);
  const key = atomKey(next);
  if (atomKey(high) === key) return low.of;
  if (high.kind !== 'remainder' || high.of.terms.size !== 1 || high.of.constant !== 0) return undefined;
  if (high.of.terms.get(key)?.factor !== 1) return undefined;
  return atomIndex({ kind: 'remainder', of: low.of, by: low.by * high.by });
}

type Division = Extract<Atom, { kind: 'quotient' | 'remainder' }>;

/** e / b for the remainder e % b, with (x / a) / b written as x / ab. */
function nextDigit({ of, by }: Division): Division {
  const [term] = of.terms.values();
  const single = of.terms.size === 1 && of.constant === 0 && term?.factor === 1;
  if (single && term.atom.kind === 'quotient')
    return { kind: 'quotient', of: term.atom.of, by: term.atom.by * by };
  return { kind: 'quotient', of, by };
}

/** The least and the greatest value that an index can take. */
export function rangeOf(index: Index, ranges: Ranges): Range {
  let least = index.constant;
  let greatest = index.constant;
  for (const { atom, factor } of index.terms.values()) {
    const range = atomRange(atom, ranges);
    least += times(factor, factor > 0 ? range.least : range.greatest);
    greatest += times(factor, factor > 0 ? range.greatest : range.least);
  }
  return { least, greatest };
}

function times(factor: number, value: number): number {
  return value === 0 ? 0 : factor * value;
}

export function atomRange(atom: Atom, ranges: Ranges): Range {
  if (atom.kind === 'variable') return ranges(atom.name);
  if (atom.kind === 'opaque') return { least: Number.NEGATIVE_INFINITY, greatest: Number.POSITIVE_INFINITY };
  const inner = rangeOf(atom.of, ranges);
  if (atom.kind === 'quotient') {
    return { least: Math.floor(inner.least / atom.by), greatest: Math.floor(inner.greatest / atom.by) };
  }
  const whole = inner.least >= 0 && inner.greatest < atom.by;
  return whole ? inner : { least: 0, greatest: atom.by - 1 };
}

/** The value at a point. */
export function evaluateIndex(index: Index, at: (name: string) => number): number {
  let total = index.constant;
  for (const { atom, factor } of index.terms.values()) total += factor * evaluateAtom(atom, at);
  return total;
}

function evaluateAtom(atom: Atom, at: (name: string) => number): number {
  if (atom.kind === 'variable') return at(atom.name);
  if (atom.kind === 'opaque') {
    return computeOpaque(atom.op, evaluateIndex(atom.left, at), evaluateIndex(atom.right, at));
  }
  const inner = evaluateIndex(atom.of, at);
  const floor = Math.floor(inner / atom.by);
  return atom.kind === 'quotient' ? floor : inner - floor * atom.by;
}

/** The variables an index depends on, added to `into`. */
export function variablesOf(index: Index, into: Set<string> = new Set()): Set<string> {
  for (const { atom } of index.terms.values()) {
    if (atom.kind === 'variable') into.add(atom.name);
    else if (atom.kind === 'opaque') variablesOf(atom.right, variablesOf(atom.left, into));
    else variablesOf(atom.of, into);
  }
  return into;
}

/** The index itself, then every sum inside its quotients and remainders. */
export function* sumsIn(index: Index): Generator<Index> {
  yield index;
  for (const { atom } of index.terms.values()) {
    if (atom.kind === 'quotient' || atom.kind === 'remainder') yield* sumsIn(atom.of);
    if (atom.kind === 'opaque') {
      yield* sumsIn(atom.left);
      yield* sumsIn(atom.right);
    }
  }
}

/** The operation of an opaque atom; integers truncate towards zero, as TTIR's do. */
export function computeOpaque(op: OpaqueOp, left: number, right: number): number {
  switch (op) {
    case 'quotient':
      return right === 0 ? 0 : Math.trunc(left / right) + 0;
    case 'remainder':
      return right === 0 ? 0 : (left % right) + 0;
    case 'product':
      return left * right;
    case 'min':
      return Math.min(left, right);
    case 'max':
      return Math.max(left, right);
    default:
      return bitwise(op, left, right);
  }
}

function bitwise(op: 'xor' | 'and' | 'or', left: number, right: number): number {
  const [a, b] = [BigInt(Math.trunc(left)), BigInt(Math.trunc(right))];
  return Number(op === 'xor' ? a ^ b : op === 'and' ? a & b : a | b);
}
