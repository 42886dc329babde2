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
export type RegisterBlock = Readonly<{
  registers: number;
  wide: boolean;
  /** Whether it is the last register of a range, and some of its elements were those of the block before it. */
  overlaps?: true;
}>;

/**
 * What is left of a range behind its last whole register: element by element; or one more register that ends with
 * the range, where that is long enough, so that some elements are computed twice; or first that, then the elements.
 */
type Rest = 'elements' | 'overlapping' | 'overlapping, then elements';

/** Elements along the vectorized dimension in a block. */
export function blockElements(l: Lanes, { registers, wide }: RegisterBlock): number {
  return registers * (wide ? l.count : 1);
}

export function boundNode(l: Lanes, bound: LoopBound): CodeNode {
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
 * Loops over a range in blocks of `most`, then of one register, then over the rest. `body` is generated once for each
 * kind of block that can occur.
 */
export function inBlocks(
  l: Lanes,
  range: LoopRange,
  most: RegisterBlock,
  body: (index: CodeNode, block: RegisterBlock) => void,
  rest: Rest = 'elements',
): void {
  const counter = l.graph.variable('index', false);
  l.graph.set([counter], [boundNode(l, range.begin)]);
  let left = known(range);
  for (const block of kindsOf(l, most)) {
    const size = blockElements(l, block);
    if (size === 1 && most.wide && rest !== 'elements') {
      const overlapped = overlapping(l, range, counter, left, rest === 'overlapping', body);
      if (overlapped && rest === 'overlapping') return;
    }
    if (left === undefined || left >= size) {
      stepping(l, counter, range.end, size, left === undefined, (index) => body(index, block));
    }
    if (left !== undefined) left %= size;
  }
}

/** Elements for which a register does not pay. */
const FEW = 1;

/**
 * The last register of a range, if some of its elements are left and it is as long as a register; undefined where
 * that shows when it runs. Whether it is known to be there.
 */
function overlapping(
  l: Lanes,
  { begin, end }: LoopRange,
  counter: Variable,
  left: number | undefined,
  isLast: boolean,
  body: (index: CodeNode, block: RegisterBlock) => void,
): boolean {
  const { graph, language } = l;
  const block: RegisterBlock = { registers: 1, wide: true, overlaps: true };
  const isKnown = typeof begin === 'number' && typeof end === 'number';
  if (isKnown && (left === undefined || left <= FEW || end - begin < l.count)) return false;
  const start = graph.variable('index', false);
  graph.set([start], [l.do('isub', boundNode(l, end), l.i32(l.count))]);
  const inside = (wrap: (inner: string) => string): void =>
    graph.inside(wrap, () => {
      // As in a loop: where a divisor is from outside of it, its reciprocal is computed there, with other bits.
      body(graph.get(start), block);
      if (isLast && !isKnown) graph.set([counter], [boundNode(l, end)]);
    });
  if (isKnown) inside((inner) => inner);
  else {
    const isThere = graph.variable('i32', false);
    const isLeft = l.do('ilt', graph.get(counter), boundNode(l, end));
    graph.set([isThere], [l.do('mand', isLeft, l.do('ile', boundNode(l, begin), graph.get(start)))]);
    inside((inner) => language.conditional(language.read(isThere.name), inner));
  }
  return isKnown;
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
