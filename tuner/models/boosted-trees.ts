import { integerBelow, type Random } from '../../search-space/random.ts';
import type { Matrix } from './_base.ts';

/** Nodes in flat arrays, children at `left` and `left + 1`; a leaf has feature −1 and a value. */
type BoostedTree = Readonly<{
  feature: readonly number[];
  /** Rows up to it go left. */
  threshold: readonly number[];
  left: readonly number[];
  value: readonly number[];
}>;
export type BoostedTrees = Readonly<{ base: number; trees: readonly BoostedTree[] }>;

type BoostingOptions = Readonly<{
  trees: number;
  depth: number;
  /** The learning rate: how much of each tree's correction is taken. */
  rate: number;
  /** Share of rows, and of columns, that a tree sees. */
  share: number;
  leastRows: number;
  random: Random;
}>;

const BINS = 64;

/**
 * Gradient boosting for squared error (Friedman 2001, stochastic as of 2002) on histograms: columns are
 * cut once into bins of equal counts, and a split compares the sums of the bins.
 */
export function fitBoostedTrees(
  features: Matrix,
  targets: Float64Array,
  options: BoostingOptions,
): BoostedTrees {
  const binned = binColumns(features);
  const base = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  const residuals = targets.map((target) => target - base);
  const trees: BoostedTree[] = [];
  for (let i = 0; i < options.trees; i++) {
    const grower = new Grower(binned, residuals, options);
    const tree = grower.grow();
    for (let row = 0; row < features.rows; row++) {
      residuals[row] -= leafValue(tree, features.values, row * features.columns);
    }
    trees.push(tree);
  }
  return { base, trees };
}

export function predictBoostedTrees({ base, trees }: BoostedTrees, features: Matrix): Float64Array {
  const { rows, columns, values } = features;
  const same = sameColumns(features);
  const answers = new Float64Array(rows).fill(base);
  for (const tree of trees) {
    const { feature, threshold, left, value } = decided(tree, same, values);
    for (let row = 0; row < rows; row++) {
      let node = 0;
      while (feature[node] >= 0) {
        node = left[node] + (values[row * columns + feature[node]] <= threshold[node] ? 0 : 1);
      }
      answers[row] += value[node];
    }
  }
  return answers;
}

/** 1 for each column that has one value in all rows. */
function sameColumns({ rows, columns, values }: Matrix): Uint8Array {
  const same = new Uint8Array(columns).fill(1);
  for (let row = 1; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column] !== values[column]) same[column] = 0;
    }
  }
  return same;
}

/**
 * What is left of a tree once its splits by columns of one value are decided. A model is asked about many configurations
 * of one study at once, for which most columns, those of kernel and target, have one value.
 */
function decided(tree: BoostedTree, same: Uint8Array, values: Float64Array): BoostedTree {
  const left: GrowingTree = { feature: [], threshold: [], left: [], value: [] };
  const from = [follow(tree, 0, same, values)];
  for (let node = 0; node < from.length; node++) {
    const old = from[node];
    const feature = tree.feature[old];
    left.feature.push(feature);
    left.threshold.push(tree.threshold[old]);
    left.value.push(tree.value[old]);
    left.left.push(from.length);
    if (feature < 0) continue;
    from.push(follow(tree, tree.left[old], same, values), follow(tree, tree.left[old] + 1, same, values));
  }
  return left;
}

/** The first node on the way down whose split is not decided. */
function follow(tree: BoostedTree, from: number, same: Uint8Array, values: Float64Array): number {
  let node = from;
  while (tree.feature[node] >= 0 && same[tree.feature[node]] === 1) {
    node = tree.left[node] + (values[tree.feature[node]] <= tree.threshold[node] ? 0 : 1);
  }
  return node;
}

function leafValue(
  { feature, threshold, left, value }: BoostedTree,
  values: Float64Array,
  offset: number,
): number {
  let node = 0;
  while (feature[node] >= 0) {
    node = left[node] + (values[offset + feature[node]] <= threshold[node] ? 0 : 1);
  }
  return value[node];
}

/** `bins[column][row]`, and the upper edge of each bin but the last. */
type Binned = Readonly<{ bins: readonly Uint8Array[]; edges: readonly Float64Array[] }>;

function binColumns({ rows, columns, values }: Matrix): Binned {
  const bins: Uint8Array[] = [];
  const edges: Float64Array[] = [];
  for (let column = 0; column < columns; column++) {
    const own = Float64Array.from({ length: rows }, (_, row) => values[row * columns + column]);
    const cuts = cutsOf(own);
    edges.push(cuts);
    bins.push(Uint8Array.from(own, (value) => binOf(cuts, value)));
  }
  return { bins, edges };
}

function cutsOf(column: Float64Array): Float64Array {
  const distinct = [...new Set(Float64Array.from(column).sort())];
  const between = (i: number): number => (distinct[i] + distinct[i + 1]) / 2;
  if (distinct.length <= BINS)
    return Float64Array.from({ length: distinct.length - 1 }, (_, i) => between(i));
  const step = distinct.length / BINS;
  return Float64Array.from({ length: BINS - 1 }, (_, i) => between(Math.floor((i + 1) * step) - 1));
}

function binOf(cuts: Float64Array, value: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= cuts[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

type GrowingTree = Readonly<Record<keyof BoostedTree, number[]>>;

type Split = Readonly<{ feature: number; bin: number; gain: number }>;

class Grower {
  readonly #binned: Binned;
  readonly #residuals: Float64Array;
  readonly #options: BoostingOptions;
  readonly #columns: readonly number[];
  readonly #sums = new Float64Array(BINS);
  readonly #counts = new Int32Array(BINS);
  readonly #tree: GrowingTree = { feature: [], threshold: [], left: [], value: [] };

  constructor(binned: Binned, residuals: Float64Array, options: BoostingOptions) {
    this.#binned = binned;
    this.#residuals = residuals;
    this.#options = options;
    const columns = binned.edges.flatMap((edges, column) => (edges.length > 0 ? [column] : []));
    this.#columns = columns.filter(() => options.random() < options.share);
  }

  grow(): BoostedTree {
    const { random, share } = this.#options;
    const count = this.#residuals.length;
    const rows = Int32Array.from({ length: Math.ceil(count * share) }, () => integerBelow(random, count));
    this.#node();
    this.#split(0, rows, this.#options.depth);
    return this.#tree;
  }

  #node(): number {
    this.#tree.feature.push(-1);
    this.#tree.threshold.push(0);
    this.#tree.left.push(0);
    return this.#tree.value.push(0) - 1;
  }

  #split(node: number, rows: Int32Array, depth: number): void {
    let sum = 0;
    for (const row of rows) sum += this.#residuals[row];
    // One row more than there are: it pulls the values of small leaves towards zero.
    this.#tree.value[node] = (this.#options.rate * sum) / (rows.length + 1);
    const best = depth === 0 ? undefined : this.#best(rows, sum);
    if (best === undefined) return;
    const bins = this.#binned.bins[best.feature];
    const left = rows.filter((row) => bins[row] <= best.bin);
    const right = rows.filter((row) => bins[row] > best.bin);
    this.#tree.feature[node] = best.feature;
    this.#tree.threshold[node] = this.#binned.edges[best.feature][best.bin];
    this.#tree.left[node] = this.#node();
    this.#node();
    this.#split(this.#tree.left[node], left, depth - 1);
    this.#split(this.#tree.left[node] + 1, right, depth - 1);
  }

  #best(rows: Int32Array, sum: number): Split | undefined {
    let best: Split | undefined;
    const parent = (sum * sum) / rows.length;
    for (const feature of this.#columns) {
      this.#histogram(feature, rows);
      let [leftSum, leftCount] = [0, 0];
      for (let bin = 0; bin < this.#binned.edges[feature].length; bin++) {
        leftSum += this.#sums[bin];
        leftCount += this.#counts[bin];
        const rightCount = rows.length - leftCount;
        if (leftCount < this.#options.leastRows || rightCount < this.#options.leastRows) continue;
        const gain = leftSum ** 2 / leftCount + (sum - leftSum) ** 2 / rightCount - parent;
        if (gain > (best?.gain ?? 1e-12)) best = { feature, bin, gain };
      }
    }
    return best;
  }

  #histogram(feature: number, rows: Int32Array): void {
    const bins = this.#binned.bins[feature];
    const sums = this.#sums.fill(0);
    const counts = this.#counts.fill(0);
    const residuals = this.#residuals;
    for (let i = 0; i < rows.length; i++) {
      const bin = bins[rows[i]];
      sums[bin] += residuals[rows[i]];
      counts[bin]++;
    }
  }
}
