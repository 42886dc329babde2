import type { Graph, Variable } from './graph.ts';
import type { Lanes } from './lanes.ts';
import type { Node } from './node.ts';

/** Where a loop ends: known while generating, or in a variable. */
export type Bound = number | Variable;

/** A stretch of a dimension that is walked in blocks. */
export type Range = Readonly<{ begin: Bound; end: Bound }>;

/** So many registers of the vectorized dimension, wide or scalar, worked on as one batch. */
export type Block = Readonly<{ registers: number; wide: boolean }>;

export function elementsOf({ registers, wide }: Block): number {
  return registers * (wide ? 4 : 1);
}

export function boundNode(l: Lanes, bound: Bound): Node {
  return typeof bound === 'number' ? l.i32(bound) : l.graph.get(bound);
}

/** for (index = begin; index < end; index++). A loop of one turn known beforehand is none. */
export function forEach(l: Lanes, range: Range, body: (index: Node) => void): void {
  if (typeof range.begin === 'number' && typeof range.end === 'number' && range.end - range.begin === 1) {
    body(l.i32(range.begin));
    return;
  }
  const counter = l.graph.variable('i32', false);
  l.graph.set([counter], [boundNode(l, range.begin)]);
  stepping(l, counter, range.end, 1, false, body);
}

/**
 * Walks a range in blocks of `most`, then of one register, then element by element. `body` is
 * generated once for each kind of block that can occur.
 */
export function inBlocks(
  l: Lanes,
  range: Range,
  most: Block,
  body: (index: Node, block: Block) => void,
): void {
  const counter = l.graph.variable('i32', false);
  l.graph.set([counter], [boundNode(l, range.begin)]);
  let left = known(range);
  for (const block of kindsOf(most)) {
    const size = elementsOf(block);
    if (left === undefined || left >= size) {
      stepping(l, counter, range.end, size, left === undefined, (index) => body(index, block));
    }
    if (left !== undefined) left %= size;
  }
}

function known({ begin, end }: Range): number | undefined {
  return typeof begin === 'number' && typeof end === 'number' ? end - begin : undefined;
}

function kindsOf(most: Block): readonly Block[] {
  const kinds = [most, { registers: 1, wide: most.wide }, { registers: 1, wide: false }];
  return kinds.filter((kind, place) => place === 0 || elementsOf(kind) < elementsOf(kinds[place - 1]));
}

/** Repeats while a whole step fits; `maybeNone` where the first may not. */
function stepping(
  l: Lanes,
  counter: Variable,
  end: Bound,
  step: number,
  maybeNone: boolean,
  body: (index: Node) => void,
): void {
  const { graph } = l;
  const last = lastStart(graph, l, end, step);
  const { name } = counter;
  const guarded = maybeNone || typeof end !== 'number';
  const loop = (inside: string): string =>
    `(loop $l${name.slice(1)}_${step}\n${inside}\n` +
    `(local.set ${name} (i32.add (local.get ${name}) (i32.const ${step})))\n` +
    `(br_if $l${name.slice(1)}_${step} (i32.le_s (local.get ${name}) ${last})))`;
  const wrap = (inside: string): string =>
    guarded ? `(if (i32.le_s (local.get ${name}) ${last}) (then\n${loop(inside)}))` : loop(inside);
  graph.inside(wrap, () => body(graph.get(counter)));
}

/** The text of the greatest counter at which a step still fits. */
function lastStart(graph: Graph, l: Lanes, end: Bound, step: number): string {
  if (typeof end === 'number') return `(i32.const ${end - step})`;
  const last = graph.variable('i32', false);
  graph.set([last], [l.do('isub', graph.get(end), l.i32(step))]);
  return `(local.get ${last.name})`;
}
