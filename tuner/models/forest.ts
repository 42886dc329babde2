import type { Matrix } from './_base.ts';
import { type CodedColumns, codedColumns } from './coded-columns.ts';
import { type ForestOptions, Splitter, type Tree } from './splitter.ts';

export type Forest = Readonly<{ trees: readonly Tree[]; columns: number }>;

/** Mean over the trees, and how far they disagree. */
export type Estimate = Readonly<{ mean: Float64Array; sd: Float64Array }>;

/**
 * Extremely randomised trees (Geurts, Ernst, Wehenkel 2006): each split takes the best of random
 * thresholds, one a feature, by reduction of variance; leaves are pure, every tree sees all rows.
 */
export function fitForest(features: Matrix, targets: Float64Array, options: ForestOptions): Forest {
  return { trees: growTrees(codedColumns(features), targets, options), columns: features.columns };
}

/**
 * The trees of such a forest. With `along`, a tree for each of these that keeps their splits where they still divide
 * the rows, which costs much less than finding all anew.
 */
export function growTrees(
  columns: CodedColumns,
  targets: Float64Array,
  options: ForestOptions,
  along?: readonly Tree[],
): readonly Tree[] {
  const splitter = new Splitter(columns, targets, options);
  return Array.from({ length: options.trees }, (_, i) => grow(columns, splitter, along?.[i]));
}

export function predictForest(forest: Forest, features: Matrix): Estimate {
  const { rows, columns, values } = features;
  const mean = new Float64Array(rows);
  const sd = new Float64Array(rows);
  // Tree by tree: a whole tree fits into the fastest cache, all of them do not.
  for (const tree of forest.trees) {
    for (let row = 0; row < rows; row++) {
      const value = tree.mean[leafOf(tree, values, row * columns)];
      mean[row] += value;
      sd[row] += value * value;
    }
  }
  const count = forest.trees.length;
  for (let row = 0; row < rows; row++) {
    mean[row] /= count;
    sd[row] = Math.sqrt(Math.max(0, sd[row] / count - mean[row] ** 2));
  }
  return { mean, sd };
}

function leafOf(tree: Tree, values: Float64Array, offset: number): number {
  const { feature, threshold, left } = tree;
  let node = 0;
  while (feature[node] >= 0) {
    node = left[node] + (values[offset + feature[node]] <= threshold[node] ? 0 : 1);
  }
  return node;
}

/** `old`: the node of the tree grown along that this one takes its split from, −1 for none. */
type OpenNode = Readonly<{ from: number; to: number; node: number; old: number }>;

function grow({ rows }: CodedColumns, splitter: Splitter, along: Tree | undefined): Tree {
  const capacity = 2 * rows;
  const tree = {
    feature: new Int16Array(capacity).fill(-1),
    threshold: new Float64Array(capacity),
    left: new Int32Array(capacity),
    mean: new Float64Array(capacity),
    count: new Int32Array(capacity),
  };
  splitter.start();
  const open: OpenNode[] = [{ from: 0, to: rows, node: 0, old: along === undefined ? -1 : 0 }];
  let nodes = 1;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { from, to, node } = next;
    tree.count[node] = to - from;
    tree.mean[node] = splitter.sum(from, to) / (to - from);
    const old = splitter.findAlong(from, to, along, next.old);
    if (splitter.feature < 0) continue;
    tree.feature[node] = splitter.feature;
    tree.threshold[node] = splitter.threshold;
    tree.left[node] = nodes;
    const middle = splitter.partition(from, to);
    const child = along === undefined || old < 0 ? -1 : along.left[old];
    open.push(
      { from, to: middle, node: nodes, old: child },
      { from: middle, to, node: nodes + 1, old: child < 0 ? -1 : child + 1 },
    );
    nodes += 2;
  }
  return tree;
}
