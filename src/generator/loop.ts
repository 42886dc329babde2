import type { Variable } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import type { LaneOperationName } from './lane-operations.ts';
import type { Lanes } from './lanes.ts';
import type { CodeLanguage } from './language.ts';

/** The begin or end of a loop: a constant, or in a variable. */
export type LoopBound = number | Variable;

/** The indices of a dimension that a loop runs over, from `begin` to before `end`. */
type LoopRange = Readonly<{ begin: LoopBound; end: LoopBound }>;

/** Registers of the vectorized dimension, wide or scalar, that one loop iteration computes. */
export type RegisterBlock = Readonly<{ registers: number; wide: boolean }>;

/** Elements along the vectorized dimension in a block. */
export function blockElements(l: Lanes, { registers, wide }: RegisterBlock): number {
  return registers * (wide ? l.count : 1);
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
  const counter = l.graph.variable('index', false);
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
  const counter = l.graph.variable('index', false);
  l.graph.set([counter], [boundNode(l, range.begin)]);
  let left = known(range);
  for (const block of kindsOf(l, most)) {
    const size = blockElements(l, block);
    if (left === undefined || left >= size) {
      stepping(l, counter, range.end, size, left === undefined, (index) => body(index, block));
    }
    if (left !== undefined) left %= size;
  }
}

function known({ begin, end }: LoopRange): number | undefined {
  return typeof begin === 'number' && typeof end === 'number' ? end - begin : undefined;
}

function kindsOf(l: Lanes, most: RegisterBlock): readonly RegisterBlock[] {
  const kinds = [most, { registers: 1, wide: most.wide }, { registers: 1, wide: false }];
  const sizes = kinds.map((kind) => blockElements(l, kind));
  return kinds.filter((_, place) => place === 0 || sizes[place] < sizes[place - 1]);
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
  const { graph, language } = l;
  const { name } = counter;
  const last = lastStart(l, end, step);
  const compute = (op: LaneOperationName, right: string): string =>
    operationText(language, op, [language.read(name), right]);
  const wrap = (inside: string): string => {
    const increment = language.set([name], [compute('iadd', language.constant('i32', step, false))]);
    const loop = language.repeat(`l${name}_${step}`, `${inside}\n${increment}`, compute('ile', last));
    return maybeNone || typeof end !== 'number' ? language.conditional(compute('ile', last), loop) : loop;
  };
  graph.inside(wrap, () => body(graph.get(counter)));
}

/** The text of an operation on narrow values, which every language has. */
export function operationText(
  language: CodeLanguage,
  op: LaneOperationName,
  parts: readonly string[],
): string {
  const text = language.operation(op, false)?.(parts);
  if (text === undefined) throw new Error(`the language lacks ${op}`);
  return text;
}

/** The text of the greatest counter at which a step still fits. */
function lastStart(l: Lanes, end: LoopBound, step: number): string {
  const { graph, language } = l;
  if (typeof end === 'number') return language.constant('i32', end - step, false);
  const last = graph.variable('index', false);
  graph.set([last], [l.do('isub', graph.get(end), l.i32(step))]);
  return language.read(last.name);
}
