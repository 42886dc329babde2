import type { Primitives } from '../kernels/ops/primitives.ts';
import type { LaneType } from '../lowering/expressions/lane-type.ts';
import type { CodeGraph } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import { type LaneOperationName, RESULT_TYPES } from './lane-operations.ts';
import type { CodeLanguage, CodeType } from './language.ts';

/**
 * Arithmetic on lanes. An operation is wide where any argument is; narrow arguments are then broadcast.
 * Scalar and vector code made with it give the same bits unless `fused` is set.
 */
export class Lanes implements Primitives<CodeNode> {
  constructor(
    readonly graph: CodeGraph,
    /** Whether wide multiply-adds round once. */
    readonly fused: boolean,
  ) {}

  get language(): CodeLanguage {
    return this.graph.language;
  }

  /** Lanes of a wide value. */
  get count(): number {
    return this.language.lanes;
  }

  f32(value: number): CodeNode {
    const rounded = Math.fround(value);
    return this.narrowConstant('f32', rounded, Object.is(rounded, -0) ? '-0' : String(rounded));
  }

  i32(value: number): CodeNode {
    return this.narrowConstant('i32', value | 0, String(value | 0));
  }

  mask(value: boolean): CodeNode {
    return this.narrowConstant('mask', value ? 1 : 0, String(value));
  }

  do(name: LaneOperationName, ...given: readonly CodeNode[]): CodeNode {
    const wide = given.some((node) => node.wide);
    const render = this.language.operation(name, wide);
    if (render === undefined) return this.laneByLane(name, given);
    const args = wide ? given.map((node) => this.widen(node)) : given;
    const type = RESULT_TYPES[name] === 'i32' ? integerType(given) : RESULT_TYPES[name];
    return this.graph.pure(name, { type, wide, args, render });
  }

  /** a / b. For a divisor from an outer loop its reciprocal is computed there (at most 1 ULP more error). */
  quotient(a: CodeNode, b: CodeNode): CodeNode {
    const outer = b.constant === undefined && b.scope.depth < a.scope.depth;
    return outer ? this.do('mul', a, this.do('div', this.f32(1), b)) : this.do('div', a, b);
  }

  rsqrt(x: CodeNode): CodeNode {
    return this.do('div', this.f32(1), this.do('sqrt', x));
  }

  /** The larger of two; NaN where either is, which is shorter to say where one is a constant. */
  larger(a: CodeNode, b: CodeNode): CodeNode {
    if (isOrdered(b)) return this.atLeast(a, b);
    return isOrdered(a) ? this.atLeast(b, a) : this.do('max', a, b);
  }

  smaller(a: CodeNode, b: CodeNode): CodeNode {
    if (isOrdered(b)) return this.atMost(a, b);
    return isOrdered(a) ? this.atMost(b, a) : this.do('min', a, b);
  }

  /**
   * max(x, 0), or 0 for NaN. Scalar code has no instruction for it, and a branch on the sign of data is
   * mispredicted, so it adds half of x and half of |x|: the same bits, except that half of a subnormal is rounded, and
   * that -Infinity becomes NaN.
   */
  positivePart(x: CodeNode, size: CodeNode): CodeNode {
    if (x.wide) return this.atLeast(this.f32(0), x);
    return this.do('add', this.do('mul', x, this.f32(0.5)), this.do('mul', size, this.f32(0.5)));
  }

  /** a · b + c, rounded once where `fused` is set and it is wide. */
  mulAdd(a: CodeNode, b: CodeNode, c: CodeNode): CodeNode {
    if (!this.fused || !(a.wide || b.wide || c.wide)) return this.do('add', this.do('mul', a, b), c);
    return this.fusedNode('madd', a, b, c);
  }

  /** c − a · b, rounded once where `fused` is set and it is wide. */
  mulSub(a: CodeNode, b: CodeNode, c: CodeNode): CodeNode {
    if (!this.fused || !(a.wide || b.wide || c.wide)) return this.do('sub', c, this.do('mul', a, b));
    return this.fusedNode('nmadd', a, b, c);
  }

  /** max(x, c); NaN where x is, and c must not be. One instruction where wide. */
  atLeast(x: CodeNode, c: CodeNode): CodeNode {
    return this.pick('pmax', x, c);
  }

  /** min(x, c); NaN where x is, and c must not be. One instruction where wide. */
  atMost(x: CodeNode, c: CodeNode): CodeNode {
    return this.pick('pmin', x, c);
  }

  shift(op: 'shl' | 'shr_s' | 'shr_u', x: CodeNode, places: number): CodeNode {
    const { type, wide } = x;
    const render = this.language.shift(op, places, x);
    return this.graph.pure(`${op}${places}`, { type, wide, args: [x], render });
  }

  /** An index as a number that a kernel computes with. */
  integer(x: CodeNode): CodeNode {
    if (x.type !== 'index') return x;
    const render = this.language.integer;
    return this.graph.pure('integer', { type: 'i32', wide: false, args: [x], render });
  }

  /** `then` where the condition holds, else `otherwise`. */
  select(condition: CodeNode, then: CodeNode, otherwise: CodeNode): CodeNode {
    const wide = condition.wide || then.wide || otherwise.wide;
    const args = [then, otherwise, condition].map((node) => (wide ? this.widen(node) : node));
    const type = laneTypeOf(then);
    return this.graph.pure('select', { type, wide, args, render: this.language.select(type, wide) });
  }

  /** The value in all lanes; itself where it is wide already. */
  widen(node: CodeNode): CodeNode {
    if (node.wide) return node;
    const { constant } = node;
    const type = laneTypeOf(node);
    if (constant !== undefined) return this.wideConstant(type, constant);
    return this.graph.pure('splat', { type, wide: true, args: [node], render: this.language.splat(type) });
  }

  extract(node: CodeNode, lane: number): CodeNode {
    if (!node.wide) return node;
    const type = laneTypeOf(node);
    const render = this.language.extract(type, lane);
    return this.graph.pure(`extract${lane}`, { type, wide: false, args: [node], render });
  }

  /** Narrow values, a lane each, as one wide one. */
  gather(args: readonly CodeNode[]): CodeNode {
    const type = laneTypeOf(args[0]);
    return this.graph.pure('gather', { type, wide: true, args, render: this.language.gather(type) });
  }

  /** Swaps lanes that are `distance` apart: by 2, the order becomes 2, 3, 0, 1; by 1, it becomes 1, 0, 3, 2. */
  swap(node: CodeNode, distance: number): CodeNode {
    const type = laneTypeOf(node);
    const render = this.language.swap(type, distance);
    return this.graph.pure(`swap${distance}`, { type, wide: true, args: [node], render });
  }

  /** 0, 1, 2 … times `step`, a lane each. */
  iota(step: number): CodeNode {
    const render = () => this.language.iota(step);
    return this.graph.pure(`iota${step}`, { type: 'i32', wide: true, args: [], render, inline: true });
  }

  /** What `each` gives for every lane. */
  perLane<T>(each: (lane: number) => T): readonly T[] {
    return Array.from({ length: this.count }, (_, lane) => each(lane));
  }

  private laneByLane(name: LaneOperationName, given: readonly CodeNode[]): CodeNode {
    return this.gather(
      this.perLane((lane) => this.do(name, ...given.map((node) => this.extract(node, lane)))),
    );
  }

  private narrowConstant(type: LaneType, constant: number, key: string): CodeNode {
    const render = () => this.language.constant(type, constant, false);
    const made = { type, wide: false, args: [], render, constant, inline: true };
    return this.graph.pure(`${type}:${key}`, made);
  }

  private wideConstant(type: LaneType, constant: number): CodeNode {
    const text = this.language.constant(type, constant, true);
    const made = { type, wide: true, args: [], render: () => text, constant, inline: true };
    return this.graph.pure(`wide ${text}`, made);
  }

  private fusedNode(name: 'madd' | 'nmadd', ...given: readonly CodeNode[]): CodeNode {
    return this.graph.pure(name, {
      type: 'f32',
      wide: true,
      args: given.map((node) => this.widen(node)),
      render: this.language.fused(name),
    });
  }

  private pick(name: 'pmax' | 'pmin', x: CodeNode, c: CodeNode): CodeNode {
    const wide = x.wide || c.wide;
    const args = wide ? [this.widen(x), this.widen(c)] : [x, c];
    // The narrow text names its arguments more than once, so they must be held in locals.
    if (!wide) for (const arg of args) arg.local = true;
    return this.graph.pure(name, { type: 'f32', wide, args, render: this.language.pick(name, wide) });
  }
}

/** What arithmetic on integers gives: of an address an address, of an index an index. */
function integerType(given: readonly CodeNode[]): CodeType {
  const types = given.map(({ type }) => type);
  if (types[0] === 'address') return 'address';
  return types.includes('index') ? 'index' : 'i32';
}

function laneTypeOf({ type }: CodeNode): LaneType {
  if (type === 'address' || type === 'index') throw new TypeError(`an ${type} has no lanes`);
  return type;
}

function isOrdered({ constant }: CodeNode): boolean {
  return constant !== undefined && !Number.isNaN(constant);
}
