import { InputError } from '../../../search-space/input-error.ts';
import type { Value } from '../../../search-space/parameter.ts';
import type { Gain } from '../../../tuner/attribution/gain.ts';
import { changeOf } from './change.ts';
import type { Entry } from './side.ts';

/** A parameter that is not what it was. */
export type Changed = Readonly<{ parameter: string; before: Value | null; after: Value | null }>;

export type ComparedRow = Readonly<{
  before: Entry;
  after: Entry;
  /** Time after over time before. */
  change: Gain;
  changed: readonly Changed[];
  /** Slower than is allowed, and not only by what its interval leaves open. */
  isWorse: boolean;
}>;

export type Compared = Readonly<{
  rows: readonly ComparedRow[];
  onlyBefore: readonly Entry[];
  onlyAfter: readonly Entry[];
  /** Why the two should not be compared; empty unless it was forced. */
  mismatches: readonly string[];
}>;

export type CompareOptions = Readonly<{
  /** 0.05 allows 5 % more time; undefined allows anything. */
  failAbove: number | undefined;
  force: boolean;
}>;

/**
 * Two sides, matched by kernel, shape, dtype and target; two single studies also across targets. Throws
 * InputError where nothing matches, and where fingerprints say that times come from two machines or
 * computations, unless that is forced.
 */
export function compareSides(
  before: readonly Entry[],
  after: readonly Entry[],
  { failAbove, force }: CompareOptions,
): Compared {
  const isSingle = before.length === 1 && after.length === 1;
  const keyOf = isSingle ? computationOf : questionOf;
  const later = new Map(after.map((entry) => [keyOf(entry), entry]));
  const pairs = before.flatMap((entry) => {
    const other = later.get(keyOf(entry));
    return other === undefined ? [] : [{ before: entry, after: other }];
  });
  if (pairs.length === 0) {
    throw new InputError(
      'compare',
      'the two have no kernel, shape and target in common',
      'nightshift studies lists what they have',
    );
  }
  const mismatches = pairs.flatMap(mismatch);
  if (mismatches.length > 0 && !force) {
    throw new InputError('compare', mismatches[0], '--force compares them nevertheless, and says so');
  }
  const matched = new Set(pairs.map((pair) => keyOf(pair.before)));
  return {
    rows: pairs.map((pair) => rowOf(pair, failAbove)),
    onlyBefore: before.filter((entry) => !matched.has(keyOf(entry))),
    onlyAfter: after.filter((entry) => !matched.has(keyOf(entry))),
    mismatches,
  };
}

type Pair = Readonly<{ before: Entry; after: Entry }>;

function computationOf({ best: { kernel } }: Entry): string {
  return JSON.stringify([kernel.name, kernel.shape, kernel.dtype]);
}

function questionOf(entry: Entry): string {
  return JSON.stringify([computationOf(entry), entry.best.target.name]);
}

function mismatch({ before: { best: a }, after: { best: b } }: Pair): readonly string[] {
  const found: string[] = [];
  if (a.kernel.hash !== b.kernel.hash) {
    found.push(`${a.kernel.name} ${a.kernel.shape} is not the same computation on both sides`);
  }
  if (a.target.name !== b.target.name) {
    found.push(
      `${a.target.name} and ${b.target.name} are two machines: their times are no measure of each other`,
    );
  } else if (a.target.fingerprint !== b.target.fingerprint) {
    found.push(
      `${a.target.name} has fingerprint ${a.target.fingerprint} before and ${b.target.fingerprint} after: their times are no measure of each other`,
    );
  }
  return found;
}

function rowOf({ before, after }: Pair, failAbove: number | undefined): ComparedRow {
  const change = changeOf(before, after);
  const isSlower = failAbove !== undefined && change.value > 1 + failAbove;
  return {
    before,
    after,
    change,
    changed: changedBetween(before, after),
    isWorse: isSlower && (change.low === null || change.low > 1),
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
