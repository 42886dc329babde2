import type { CodeGraph, Variable } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import type { Lanes } from './lanes.ts';

/** The begin or end of a loop: a constant, or in a variable. */
export type LoopBound = number | Variable;

/** The indices of a dimension that a loop runs over, from `begin` to before `end`. */
type LoopRange = Readonly<{ begin: LoopBound; end: LoopBound }>;

/** Registers of the vectorized dimension, wide (four lanes) or scalar, that one loop iteration computes. */
export type RegisterBlock = Readonly<{ registers: number; wide: boolean }>;

/** Elements along the vectorized dimension in a block. */
export function blockElements({ registers, wide }: RegisterBlock): number {
  return registers * (wide ? 4 : 1);
}

function boundNode(l: Lanes, bound: LoopBound): CodeNode {
  return typeof bound === 'number' ? l.i32(bound) : l.graph.get(bound);
}

/** for (index = begin; index < end; index++). Only the body where the range is known to have one index. */
export function forEach(l: Lanes, range: LoopRange, body: (index: CodeNode) => void): void {
  if (typeof range.begin === 'number' && typeof range.end === 'number' && range.end - range.begin === 1) {
    body(l.i32(range.begin));
    return;
  }
  const counter = l.graph.variable('i32', false);
  l.graph.set([counter], [boundNode(l, range.begin)]);
  stepping(l, counter, range.end, 1, false, body);
}

/**
 * Loops over a range in blocks of `most`, then of one register, then element by element. `body` is
 * generated once for each kind of block that can occur.
 */
export function inBlocks(
  l: Lanes,
  range: LoopRange,
  most: RegisterBlock,
  body: (index: CodeNode, block: RegisterBlock) => void,
): void {
  const counter = l.graph.variable('i32', false);
  l.graph.set([counter], [boundNode(l, range.begin)]);
  let left = known(range);
  for (const block of kindsOf(most)) {
    const size = blockElements(block);
    if (left === undefined || left >= size) {
      stepping(l, counter, range.end, size, left === undefined, (index) => body(index, block));
    }
    if (left !== undefined) left %= size;
  }
}

function known({ begin, end }: LoopRange): number | undefined {
  return typeof begin === 'number' && typeof end === 'number' ? end - begin : undefined;
}

function kindsOf(most: RegisterBlock): readonly RegisterBlock[] {
  const kinds = [most, { registers: 1, wide: most.wide }, { registers: 1, wide: false }];
  return kinds.filter((kind, place) => place === 0 || blockElements(kind) < blockElements(kinds[place - 1]));
}

/** Loops while a whole step fits; `maybeNone` where perhaps not even one does. */
function stepping(
  l: Lanes,
  counter: Variable,
  end: LoopBound,
  step: number,
  maybeNone: boolean,
  body: (index: CodeNode) => void,
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
function lastStart(graph: CodeGraph, l: Lanes, end: LoopBound, step: number): string {
  if (typeof end === 'number') return `(i32.const ${end - step})`;
  const last = graph.variable('i32', false);
  graph.set([last], [l.do('isub', graph.get(end), l.i32(step))]);
  return `(local.get ${last.name})`;
}
