import type { Random } from '../../search-space/random.ts';
import type { Matrix } from './_base.ts';

/** Nodes in flat arrays; a leaf has feature −1, the children of a node stand at left and left + 1. */
type Tree = Readonly<{
  feature: Int16Array;
  threshold: Float64Array;
  left: Int32Array;
  mean: Float64Array;
  count: Int32Array;
}>;
export type Forest = Readonly<{ trees: readonly Tree[]; columns: number }>;

type ForestOptions = Readonly<{
  trees: number;
  /** Features looked at for each split, drawn anew. */
  tries: number;
  random: Random;
}>;

/** Mean over the trees, and how far they disagree. */
export type Estimate = Readonly<{ mean: Float64Array; sd: Float64Array }>;

/**
 * Extremely randomised trees (Geurts, Ernst, Wehenkel 2006): each split takes the best of random
 * thresholds, one a feature, by reduction of variance; leaves are pure, every tree sees all rows.
 */
export function fitForest(features: Matrix, targets: Float64Array, options: ForestOptions): Forest {
  const byColumn = transposed(features);
  const trees = Array.from({ length: options.trees }, () => grow(byColumn, targets, options));
  return { trees, columns: features.columns };
}

export function predictForest(forest: Forest, features: Matrix): Estimate {
  const { rows, columns, values } = features;
  const mean = new Float64Array(rows);
  const sd = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    let squares = 0;
    for (const tree of forest.trees) {
      const value = tree.mean[leafOf(tree, values, row * columns)];
      sum += value;
      squares += value * value;
    }
    mean[row] = sum / forest.trees.length;
    sd[row] = Math.sqrt(Math.max(0, squares / forest.trees.length - mean[row] ** 2));
  }
  return { mean, sd };
}

/** By feature: a split looks at one feature of many rows. */
function transposed({ rows, columns, values }: Matrix): readonly Float64Array[] {
  return Array.from({ length: columns }, (_, column) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns + column]),
  );
}

function leafOf(tree: Tree, values: Float64Array, offset: number): number {
  const { feature, threshold, left } = tree;
  let node = 0;
  while (feature[node] >= 0) {
    node = left[node] + (values[offset + feature[node]] <= threshold[node] ? 0 : 1);
  }
  return node;
}

function grow(features: readonly Float64Array[], targets: Float64Array, options: ForestOptions): Tree {
  const capacity = 2 * targets.length;
  const tree = {
    feature: new Int16Array(capacity).fill(-1),
    threshold: new Float64Array(capacity),
    left: new Int32Array(capacity),
    mean: new Float64Array(capacity),
    count: new Int32Array(capacity),
  };
  const rows = Int32Array.from(targets, (_, row) => row);
  const splitter = new Splitter(features, targets, rows, options);
  const open = [{ from: 0, to: rows.length, node: 0 }];
  let nodes = 1;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { from, to, node } = next;
    tree.count[node] = to - from;
    tree.mean[node] = splitter.sum(from, to) / (to - from);
    if (!splitter.find(from, to)) continue;
    tree.feature[node] = splitter.feature;
    tree.threshold[node] = splitter.threshold;
    tree.left[node] = nodes;
    const middle = splitter.partition(from, to);
    open.push({ from, to: middle, node: nodes }, { from: middle, to, node: nodes + 1 });
    nodes += 2;
  }
  return tree;
}

/** Finds and applies one split at a time; holds what would otherwise be allocated for each node. */
class Splitter {
  feature = -1;
  threshold = 0;
  readonly #features: readonly Float64Array[];
  readonly #targets: Float64Array;
  readonly #rows: Int32Array;
  readonly #options: ForestOptions;
  readonly #order: Int32Array;

  constructor(
    features: readonly Float64Array[],
    targets: Float64Array,
    rows: Int32Array,
    options: ForestOptions,
  ) {
    this.#features = features;
    this.#targets = targets;
    this.#rows = rows;
    this.#options = options;
    this.#order = Int32Array.from(features, (_, column) => column);
  }

  sum(from: number, to: number): number {
    const rows = this.#rows;
    const targets = this.#targets;
    let sum = 0;
    for (let i = from; i < to; i++) sum += targets[rows[i]];
    return sum;
  }

  /** Looks at up to `tries` features that are not constant here; false where no split is possible. */
  find(from: number, to: number): boolean {
    this.feature = -1;
    if (to - from < 2 || this.#isPure(from, to)) return false;
    const total = this.sum(from, to);
    let best = Number.NEGATIVE_INFINITY;
    // A few rows can be split in a few ways only.
    const tries = Math.min(this.#options.tries, 3 * (to - from) - 5);
    let tried = 0;
    for (let drawn = 0; drawn < this.#order.length && tried < tries; drawn++) {
      const feature = this.#draw(drawn);
      const threshold = this.#thresholdOf(feature, from, to);
      if (Number.isNaN(threshold)) continue;
      tried++;
      const score = this.#score(feature, threshold, from, to, total);
      if (score <= best) continue;
      best = score;
      this.feature = feature;
      this.threshold = threshold;
    }
    return this.feature >= 0;
  }

  /** Moves the rows of the left child to the front; returns where the right child begins. */
  partition(from: number, to: number): number {
    const values = this.#features[this.feature];
    const rows = this.#rows;
    let i = from;
    let j = to - 1;
    while (i <= j) {
      if (values[rows[i]] <= this.threshold) {
        i++;
        continue;
      }
      const held = rows[i];
      rows[i] = rows[j];
      rows[j--] = held;
    }
    return i;
  }

  #isPure(from: number, to: number): boolean {
    const first = this.#targets[this.#rows[from]];
    for (let i = from + 1; i < to; i++) {
      if (this.#targets[this.#rows[i]] !== first) return false;
    }
    return true;
  }

  /** One step of a Fisher-Yates shuffle. */
  #draw(drawn: number): number {
    const order = this.#order;
    const other = drawn + Math.floor(this.#options.random() * (order.length - drawn));
    const feature = order[other];
    order[other] = order[drawn];
    order[drawn] = feature;
    return feature;
  }

  /** A random point between the values of two rows that differ: nearly as good as between the extremes, and much cheaper. NaN where none differ. */
  #thresholdOf(feature: number, from: number, to: number): number {
    const values = this.#features[feature];
    const rows = this.#rows;
    const { random } = this.#options;
    const value = values[rows[from + Math.floor(random() * (to - from))]];
    const start = from + Math.floor(random() * (to - from));
    let other = start;
    while (values[rows[other]] === value) {
      if (++other === to) other = from;
      if (other === start) return Number.NaN;
    }
    const low = Math.min(value, values[rows[other]]);
    const high = Math.max(value, values[rows[other]]);
    const threshold = low + random() * (high - low);
    // Neighbouring floating-point numbers have nothing between them, and both children need a row.
    return threshold < high ? threshold : low;
  }

  /** Grows as the variance within the two children falls. */
  #score(feature: number, threshold: number, from: number, to: number, total: number): number {
    const values = this.#features[feature];
    const rows = this.#rows;
    const targets = this.#targets;
    let count = 0;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i];
      if (values[row] > threshold) continue;
      count++;
      sum += targets[row];
    }
    return (sum * sum) / count + (total - sum) ** 2 / (to - from - count);
  }
}
