import { InputError } from '../../../search-space/input-error.ts';
import type { Value } from '../../../search-space/parameter.ts';
import { type GainFigure, isKnown, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import { changeOf } from './change.ts';
import type { Entry } from './side.ts';

/** A parameter whose value changed. */
export type Changed = Readonly<{ parameter: string; before: Value | null; after: Value | null }>;

export const CHANGE_VERDICTS = Object.freeze(['slower', 'not slower', 'unknown'] as const);

/** What timing both configurations anew, side by side, says of the claim that after is slower than is allowed. */
export type VerifiedChange = Readonly<{
  verdict: (typeof CHANGE_VERDICTS)[number];
  /** The median of T(after) / T(before) over the pairs; nominal where times are exact. */
  change: OrUnknown<number>;
  timings: number;
  /** The most often that such a verdict is false; null where times are exact, or nothing was timed. */
  falseClaims: number | null;
  /** Why the verdict is unknown. */
  undecided: string | null;
}>;

export type ComparedRow = Readonly<{
  before: Entry;
  after: Entry;
  /** Time after over time before; not applicable where both sides are the same result. */
  change: GainFigure;
  changed: readonly Changed[];
  /** Slower by more than `failAbove` allows, with an interval above 1. */
  isWorse: boolean;
  /** Of a row that was timed anew. */
  verified?: VerifiedChange;
  /** Whether nobody can tell if it got slower: the change is unknown, and not for being the same result. */
  isUntold: boolean;
}>;

export type Compared = Readonly<{
  rows: readonly ComparedRow[];
  onlyBefore: readonly Entry[];
  onlyAfter: readonly Entry[];
  /** Why the two should not be compared; empty unless the comparison was forced. */
  mismatches: readonly string[];
}>;

export type CompareOptions = Readonly<{
  /** 0.05 allows 5 % more time; undefined allows anything. */
  failAbove: number | undefined;
  force: boolean;
}>;

/**
 * Compares two sides. Entries are matched by kernel hash and target fingerprint, the rest by names, shape and
 * dtype; two single entries also across targets. Throws InputError if nothing matches, and, unless forced, if
 * kernel hashes or target fingerprints differ.
 */
export function compareSides(
  before: readonly Entry[],
  after: readonly Entry[],
  { failAbove, force }: CompareOptions,
): Compared {
  const isSingle = before.length === 1 && after.length === 1;
  const { pairs, ...left } = pairUp(before, after, isSingle ? [...KEYS, ...ACROSS_TARGETS] : KEYS);
  if (pairs.length === 0) {
    throw new InputError(
      'compare',
      isSingle ? differentCalls(before[0], after[0]) : 'no kernel, shape and target is in both',
      'nightshift studies lists the contents of a store',
    );
  }
  const mismatches = pairs.flatMap(mismatch);
  if (mismatches.length > 0 && !force) {
    throw new InputError('compare', mismatches[0], '--force compares them in spite of that, and says so');
  }
  return {
    rows: pairs.map((pair) => rowOf(pair, failAbove)),
    onlyBefore: left.before,
    onlyAfter: left.after,
    mismatches,
  };
}

function differentCalls(before: Entry, after: Entry): string {
  const [a, b] = [before, after].map(
    ({ best: { kernel } }) => `${kernel.name} ${kernel.shape} ${kernel.dtype}`,
  );
  return `${a} and ${b} are different computations: their times are not comparable`;
}

type Pair = Readonly<{ before: Entry; after: Entry }>;
type Key = (entry: Entry) => string;

const KEYS: readonly Key[] = [
  ({ best: { kernel, target } }) => JSON.stringify([kernel.hash, target.fingerprint]),
  ({ best: { kernel, target } }) => JSON.stringify([kernel.name, kernel.shape, kernel.dtype, target.name]),
];
const ACROSS_TARGETS: readonly Key[] = [
  ({ best: { kernel } }) => kernel.hash,
  ({ best: { kernel } }) => JSON.stringify([kernel.name, kernel.shape, kernel.dtype]),
];

/** Pairs entries by the first key that they share, in the order of `before`; also returns the rest. */
function pairUp(before: readonly Entry[], after: readonly Entry[], keys: readonly Key[]) {
  const counterparts = new Map<Entry, Entry>();
  const taken = new Set<Entry>();
  for (const keyOf of keys) {
    const later = new Map(after.filter((entry) => !taken.has(entry)).map((entry) => [keyOf(entry), entry]));
    for (const entry of before) {
      const other = later.get(keyOf(entry));
      if (other === undefined || counterparts.has(entry) || taken.has(other)) continue;
      counterparts.set(entry, other);
      taken.add(other);
    }
  }
  const pairs = before.flatMap((entry): readonly Pair[] => {
    const other = counterparts.get(entry);
    return other === undefined ? [] : [{ before: entry, after: other }];
  });
  return {
    pairs,
    before: before.filter((entry) => !counterparts.has(entry)),
    after: after.filter((entry) => !taken.has(entry)),
  };
}

function mismatch({ before: { best: a }, after: { best: b } }: Pair): readonly string[] {
  const found: string[] = [];
  if (a.kernel.hash !== b.kernel.hash) {
    found.push(`${a.kernel.name} ${a.kernel.shape} is not the same computation on both sides`);
  }
  if (a.target.name !== b.target.name) {
    found.push(`${a.target.name} and ${b.target.name} are different targets: their times are not comparable`);
  } else if (a.target.fingerprint !== b.target.fingerprint) {
    found.push(
      `${a.target.name} has fingerprint ${a.target.fingerprint} before and ${b.target.fingerprint} after: their times are not comparable`,
    );
  }
  return found;
}

function rowOf({ before, after }: Pair, failAbove: number | undefined): ComparedRow {
  const change = changeOf(before, after);
  const isSlower = failAbove !== undefined && isKnown(change) && change.value > 1 + failAbove;
  return {
    before,
    after,
    change,
    changed: changedBetween(before, after),
    isWorse: isSlower && (change.low === null || change.low > 1),
    isUntold: !isKnown(change) && change.unknown !== 'not applicable',
  };
}

function changedBetween({ best: a }: Entry, { best: b }: Entry): readonly Changed[] {
  const names = [...new Set([...Object.keys(a.configuration), ...Object.keys(b.configuration)])];
  return names
    .filter((name) => a.configuration[name] !== b.configuration[name])
    .map((parameter) => ({
      parameter,
      before: a.configuration[parameter] ?? null,
      after: b.configuration[parameter] ?? null,
    }));
}
