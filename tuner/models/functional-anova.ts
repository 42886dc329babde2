import type { Parameter } from '../../search-space/parameter.ts';
import { plainEncoding } from './encoding.ts';
import type { Forest } from './forest.ts';

/**
 * Parts of a forest's variance over all combinations of values, which count alike, whether a constraint forbids them or
 * not. Each from 0 to 1; together with the effects of three and more parameters they are 1.
 */
export type VarianceShares = Readonly<{
  /** Of each parameter by itself. */
  mains: Float64Array;
  /** Of pairs of parameters, by their places, beyond what each explains by itself. */
  pairs: readonly Readonly<{ places: readonly [number, number]; share: number }>[];
}>;

/** So that a set of values is a set of bits. Of more values, as many that are evenly spread stand for all. */
const MOST_LEVELS = 32;
/** Pairs are computed of the parameters that explain the most by themselves. */
const MOST_PAIRED = 12;

/**
 * Functional ANOVA of a forest that was fitted on the parameters' `plainEncoding` (Hutter, Hoos, Leyton-Brown 2014):
 * each leaf of a tree is a box of values, so every marginal is an exact sum over leaves. The mean over the trees.
 */
export function varianceShares({ trees }: Forest, parameters: readonly Parameter[]): VarianceShares {
  const columns = columnsOf(parameters);
  const levels = parameters.map(({ values }) => Math.min(values.length, MOST_LEVELS));
  const parts = trees.map((tree) => new Marginals(leavesOf(tree, columns, levels), levels));
  const varied = parts.filter(({ variance }) => variance > 0);
  const mean = (ofTree: (marginals: Marginals) => number): number =>
    varied.reduce((sum, marginals) => sum + ofTree(marginals) / marginals.variance, 0) / (varied.length || 1);
  const mains = Float64Array.from(levels, (_, place) => mean((tree) => tree.main(place)));
  const paired = Array.from(mains.keys())
    .sort((a, b) => mains[b] - mains[a])
    .filter((place) => levels[place] > 1)
    .slice(0, MOST_PAIRED)
    .sort((a, b) => a - b);
  const pairs = paired.flatMap((a, i) =>
    paired.slice(i + 1).map((b) => ({ places: [a, b] as const, share: mean((tree) => tree.pair(a, b)) })),
  );
  return { mains, pairs };
}

/** A column of features: its parameter, and its value at each level of that parameter. */
type Column = Readonly<{ place: number; atLevel: Float64Array }>;

function columnsOf(parameters: readonly Parameter[]): readonly Column[] {
  return parameters.flatMap((parameter, place) => {
    const { columns, encode } = plainEncoding([parameter]);
    const count = parameter.values.length;
    const levels = Math.min(count, MOST_LEVELS);
    const step = levels > 1 ? (count - 1) / (levels - 1) : 0;
    const digits = Array.from({ length: levels }, (_, level) => Int32Array.of(Math.round(level * step)));
    const { values } = encode(digits);
    return Array.from({ length: columns }, (_, column) => ({
      place,
      atLevel: Float64Array.from(digits, (_, level) => values[level * columns + column]),
    }));
  });
}

/** The levels of each parameter that lead to a leaf, as bits, and its prediction. */
type Leaf = Readonly<{ sets: Uint32Array; mean: number }>;

function leavesOf(
  { feature, threshold, left, mean }: Forest['trees'][number],
  columns: readonly Column[],
  levels: readonly number[],
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const open = [{ node: 0, sets: Uint32Array.from(levels, (count) => 2 ** count - 1) }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, sets } = next;
    if (feature[node] < 0) {
      leaves.push({ sets, mean: mean[node] });
      continue;
    }
    const { place, atLevel } = columns[feature[node]];
    let below = 0;
    atLevel.forEach((value, level) => {
      if (value <= threshold[node]) below |= 1 << level;
    });
    for (const [child, kept] of [
      [left[node], sets[place] & below],
      [left[node] + 1, sets[place] & ~below],
    ]) {
      // No level of the parameter leads there.
      if (kept === 0) continue;
      const narrowed = sets.slice();
      narrowed[place] = kept;
      open.push({ node: child, sets: narrowed });
    }
  }
  return leaves;
}

/** The marginals of one tree: its mean where some parameters are held and all others vary. */
class Marginals {
  readonly variance: number;
  readonly #levels: readonly number[];
  readonly #leaves: readonly Leaf[];
  /** Of each leaf, the part of all combinations that lead there. */
  readonly #volumes: Float64Array;
  readonly #mean: number;
  readonly #mains = new Map<number, number>();

  constructor(leaves: readonly Leaf[], levels: readonly number[]) {
    this.#leaves = leaves;
    this.#levels = levels;
    this.#volumes = Float64Array.from(leaves, ({ sets }) =>
      levels.reduce((volume, count, place) => (volume * bitsIn(sets[place])) / count, 1),
    );
    this.#mean = leaves.reduce((sum, { mean }, i) => sum + mean * this.#volumes[i], 0);
    this.variance = leaves.reduce((sum, { mean }, i) => sum + (mean - this.#mean) ** 2 * this.#volumes[i], 0);
  }

  /** The variance that one parameter explains by itself. */
  main(place: number): number {
    const known = this.#mains.get(place);
    if (known !== undefined) return known;
    const marginal = new Float64Array(this.#levels[place]);
    this.#leaves.forEach(({ sets, mean }, i) => {
      const each = ((mean - this.#mean) * this.#volumes[i]) / bitsIn(sets[place]);
      for (let level = 0; level < marginal.length; level++) {
        if (sets[place] & (1 << level)) marginal[level] += each;
      }
    });
    const found = varianceOf(marginal);
    this.#mains.set(place, found);
    return found;
  }

  /** The variance that two parameters explain together, beyond each by itself. */
  pair(a: number, b: number): number {
    const [rows, columns] = [this.#levels[a], this.#levels[b]];
    const marginal = new Float64Array(rows * columns);
    this.#leaves.forEach(({ sets, mean }, i) => {
      const each = ((mean - this.#mean) * this.#volumes[i]) / (bitsIn(sets[a]) * bitsIn(sets[b]));
      for (let row = 0; row < rows; row++) {
        if ((sets[a] & (1 << row)) === 0) continue;
        for (let column = 0; column < columns; column++) {
          if (sets[b] & (1 << column)) marginal[row * columns + column] += each;
        }
      }
    });
    return Math.max(0, varianceOf(marginal) - this.main(a) - this.main(b));
  }
}

/**
 * Of a marginal of mean 0 whose entries are sums over the leaves' parts: an entry is 1 / length of all combinations,
 * so its mean deviation is `entry` times the length.
 */
function varianceOf(marginal: Float64Array): number {
  return marginal.reduce((sum, entry) => sum + entry * entry, 0) * marginal.length;
}

function bitsIn(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count++;
  return count;
}
