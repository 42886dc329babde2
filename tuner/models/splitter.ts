import type { Random } from '../../search-space/random.ts';
import { type CodedColumns, placeUpTo } from './coded-columns.ts';

/** Nodes in flat arrays; a leaf has feature −1, the children of a node stand at left and left + 1. */
export type Tree = Readonly<{
  feature: Int16Array;
  threshold: Float64Array;
  left: Int32Array;
  mean: Float64Array;
  count: Int32Array;
}>;

export type ForestOptions = Readonly<{
  trees: number;
  /** Features looked at for each split, drawn anew. */
  tries: number;
  random: Random;
}>;

/** Finds and applies one split at a time; holds what would otherwise be allocated for each node. */
export class Splitter {
  /** −1 where there is no split. */
  feature = -1;
  threshold = 0;
  /** The largest code that goes left. */
  #cut = 0;
  readonly #columns: CodedColumns;
  readonly #all: Float64Array;
  readonly #tries: number;
  /** Rows in the order of the nodes, and their targets beside them. */
  readonly #rows: Int32Array;
  readonly #targets: Float64Array;
  readonly #order: Int32Array;
  /** Of a small generator (mulberry32; T. Ettinger): splitting draws millions of numbers. */
  #state: number;

  constructor(columns: CodedColumns, targets: Float64Array, { tries, random }: ForestOptions) {
    this.#columns = columns;
    this.#all = targets;
    this.#tries = tries;
    this.#rows = new Int32Array(columns.rows);
    this.#targets = new Float64Array(columns.rows);
    this.#order = columns.splittable.slice();
    this.#state = Math.floor(random() * 0x100000000) | 0;
  }

  /** Back to all rows in one node. */
  start(): void {
    for (let row = 0; row < this.#rows.length; row++) this.#rows[row] = row;
    this.#targets.set(this.#all);
  }

  sum(from: number, to: number): number {
    const targets = this.#targets;
    let sum = 0;
    for (let i = from; i < to; i++) sum += targets[i];
    return sum;
  }

  /**
   * Takes the split of the old node, or of the first below it that still divides these rows, and returns that node;
   * finds a new split where there is none, and returns −1.
   */
  findAlong(from: number, to: number, along: Tree | undefined, old: number): number {
    this.feature = -1;
    if (to - from < 2 || this.#isPure(from, to)) return -1;
    if (along !== undefined) {
      for (let node = old; node >= 0 && along.feature[node] >= 0; ) {
        const left = this.#use(along.feature[node], along.threshold[node], from, to);
        if (left > 0 && left < to - from) return node;
        node = along.left[node] + (left > 0 ? 0 : 1);
      }
      this.feature = -1;
    }
    this.#find(from, to);
    return -1;
  }

  /** Moves the rows of the left child to the front; returns where the right child begins. */
  partition(from: number, to: number): number {
    const codes = this.#columns.codes[this.feature];
    const cut = this.#cut;
    const rows = this.#rows;
    const targets = this.#targets;
    let i = from;
    let j = to - 1;
    while (i <= j) {
      const row = rows[i];
      if (codes[row] <= cut) {
        i++;
        continue;
      }
      const target = targets[i];
      rows[i] = rows[j];
      targets[i] = targets[j];
      rows[j] = row;
      targets[j--] = target;
    }
    return i;
  }

  /** Makes this the split, and counts the rows on its left. */
  #use(feature: number, threshold: number, from: number, to: number): number {
    this.feature = feature;
    this.threshold = threshold;
    this.#cut = placeUpTo(this.#columns.distinct[feature], threshold);
    const codes = this.#columns.codes[feature];
    let count = 0;
    for (let i = from; i < to; i++) count += codes[this.#rows[i]] <= this.#cut ? 1 : 0;
    return count;
  }

  /** Looks at up to `tries` features that are not constant here. */
  #find(from: number, to: number): void {
    const total = this.sum(from, to);
    let best = Number.NEGATIVE_INFINITY;
    // A few rows can be split in a few ways only.
    const tries = Math.min(this.#tries, 3 * (to - from) - 5);
    let tried = 0;
    let bestCut = 0;
    for (let drawn = 0; drawn < this.#order.length && tried < tries; drawn++) {
      const feature = this.#draw(drawn);
      const threshold = this.#thresholdOf(feature, from, to);
      if (Number.isNaN(threshold)) continue;
      tried++;
      const score = this.#score(this.#columns.codes[feature], from, to, total);
      if (score <= best) continue;
      best = score;
      bestCut = this.#cut;
      this.feature = feature;
      this.threshold = threshold;
    }
    this.#cut = bestCut;
  }

  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  }

  #isPure(from: number, to: number): boolean {
    const targets = this.#targets;
    const first = targets[from];
    for (let i = from + 1; i < to; i++) {
      if (targets[i] !== first) return false;
    }
    return true;
  }

  /** One step of a Fisher-Yates shuffle. */
  #draw(drawn: number): number {
    const order = this.#order;
    const other = drawn + Math.floor(this.#random() * (order.length - drawn));
    const feature = order[other];
    order[other] = order[drawn];
    order[drawn] = feature;
    return feature;
  }

  /** A random point between the values of two rows that differ: nearly as good as between the extremes, and much cheaper. NaN where none differ. */
  #thresholdOf(feature: number, from: number, to: number): number {
    const codes = this.#columns.codes[feature];
    const rows = this.#rows;
    const code = codes[rows[from + Math.floor(this.#random() * (to - from))]];
    const start = from + Math.floor(this.#random() * (to - from));
    let other = start;
    while (codes[rows[other]] === code) {
      if (++other === to) other = from;
      if (other === start) return Number.NaN;
    }
    const distinct = this.#columns.distinct[feature];
    const low = Math.min(code, codes[rows[other]]);
    const high = Math.max(code, codes[rows[other]]);
    const threshold = distinct[low] + this.#random() * (distinct[high] - distinct[low]);
    let cut = low;
    while (cut + 1 < high && distinct[cut + 1] <= threshold) cut++;
    this.#cut = cut;
    // Neighbouring floating-point numbers have nothing between them, and both children need a row.
    return threshold < distinct[high] ? threshold : distinct[low];
  }

  /** Grows as the variance within the two children falls. */
  #score(codes: Uint16Array, from: number, to: number, total: number): number {
    const cut = this.#cut;
    const rows = this.#rows;
    const targets = this.#targets;
    let count = 0;
    let sum = 0;
    for (let i = from; i < to; i++) {
      // 1 on the left, without a jump that the processor would guess wrong half the time.
      const left = (codes[rows[i]] - cut - 1) >>> 31;
      count += left;
      sum += left * targets[i];
    }
    return (sum * sum) / count + (total - sum) ** 2 / (to - from - count);
  }
}
