import type { Primitives } from '../../../kernels/ops/primitives.ts';
import type { LaneType } from '../../../lowering/expressions/lane-type.ts';
import type { CodeGraph } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import { LANE_OPERATIONS, type LaneOperation, type LaneOperationName } from './lane-operations.ts';

/**
 * Arithmetic on lanes. An operation is wide where any argument is; narrow arguments are then broadcast.
 * Scalar and vector code made with it give the same bits unless `fused` is set.
 */
export class Lanes implements Primitives<CodeNode> {
  constructor(
    readonly graph: CodeGraph,
    /** Whether wide multiply-adds round once (relaxed SIMD). */
    readonly fused: boolean,
  ) {}

  f32(value: number): CodeNode {
    const rounded = Math.fround(value);
    return this.graph.pure(`f32:${Object.is(rounded, -0) ? '-0' : rounded}`, {
      type: 'f32',
      wide: false,
      args: [],
      render: () => `(f32.const ${floatText(rounded)})`,
      constant: rounded,
      inline: true,
    });
  }

  i32(value: number): CodeNode {
    return this.graph.pure(`i32:${value | 0}`, {
      type: 'i32',
      wide: false,
      args: [],
      render: () => `(i32.const ${value | 0})`,
      constant: value | 0,
      inline: true,
    });
  }

  mask(value: boolean): CodeNode {
    return this.graph.pure(`mask:${value}`, {
      type: 'mask',
      wide: false,
      args: [],
      render: () => `(i32.const ${value ? 1 : 0})`,
      constant: value ? 1 : 0,
      inline: true,
    });
  }

  do(name: LaneOperationName, ...given: readonly CodeNode[]): CodeNode {
    const operation: LaneOperation = LANE_OPERATIONS[name];
    const wide = given.some((node) => node.wide);
    if (wide && operation.wide === null) return this.laneByLane(name, given);
    const args = wide ? given.map((node) => this.widen(node)) : given;
    const opening = wide ? operation.wide : operation.narrow;
    return this.graph.pure(name, {
      type: operation.result,
      wide,
      args,
      render: (texts) => (opening === '' ? texts[0] : `${opening} ${texts.join(' ')})`),
    });
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
   * mispredicted, so it adds half of x and half of |x|: the same bits.
   */
  positivePart(x: CodeNode, size: CodeNode): CodeNode {
    if (x.wide) return this.atLeast(this.f32(0), x);
    return this.do('add', this.do('mul', x, this.f32(0.5)), this.do('mul', size, this.f32(0.5)));
  }

  /** a · b + c, rounded once where `fused` is set and it is wide. */
  mulAdd(a: CodeNode, b: CodeNode, c: CodeNode): CodeNode {
    if (!this.fused || !(a.wide || b.wide || c.wide)) return this.do('add', this.do('mul', a, b), c);
    return this.fusedNode('relaxed_madd', a, b, c);
  }

  /** c − a · b, rounded once where `fused` is set and it is wide. */
  mulSub(a: CodeNode, b: CodeNode, c: CodeNode): CodeNode {
    if (!this.fused || !(a.wide || b.wide || c.wide)) return this.do('sub', c, this.do('mul', a, b));
    return this.fusedNode('relaxed_nmadd', a, b, c);
  }

  /** max(x, c); NaN where x is, and c must not be. One instruction where wide. */
  atLeast(x: CodeNode, c: CodeNode): CodeNode {
    return this.pick('pmax', 'f32.lt', x, c, (a, b) => [a, b]);
  }

  /** min(x, c); NaN where x is, and c must not be. One instruction where wide. */
  atMost(x: CodeNode, c: CodeNode): CodeNode {
    return this.pick('pmin', 'f32.lt', x, c, (a, b) => [b, a]);
  }

  shift(op: 'shl' | 'shr_s' | 'shr_u', x: CodeNode, places: number): CodeNode {
    const opening = x.wide ? `(i32x4.${op}` : `(i32.${op}`;
    return this.graph.pure(`${op}${places}`, {
      type: 'i32',
      wide: x.wide,
      args: [x],
      render: ([text]) => `${opening} ${text} (i32.const ${places}))`,
    });
  }

  /** `then` where the condition holds, else `otherwise`. */
  select(condition: CodeNode, then: CodeNode, otherwise: CodeNode): CodeNode {
    const wide = condition.wide || then.wide || otherwise.wide;
    const args = [then, otherwise, condition].map((node) => (wide ? this.widen(node) : node));
    const name = wide ? 'v128.bitselect' : 'select';
    return this.graph.pure('select', {
      type: then.type,
      wide,
      args,
      render: (texts) => `(${name} ${texts.join(' ')})`,
    });
  }

  /** The value in all four lanes; itself where it is wide already. */
  widen(node: CodeNode): CodeNode {
    if (node.wide) return node;
    const { constant, type } = node;
    if (constant !== undefined) return this.wideConstant(type, constant);
    const open = type === 'f32' ? '(f32x4.splat' : '(i32x4.splat';
    const render =
      type === 'mask'
        ? ([text]: readonly string[]) => `${open} (i32.sub (i32.const 0) ${text}))`
        : ([text]: readonly string[]) => `${open} ${text})`;
    return this.graph.pure('splat', { type, wide: true, args: [node], render });
  }

  extract(node: CodeNode, lane: number): CodeNode {
    if (!node.wide) return node;
    const raw = node.type === 'f32' ? `(f32x4.extract_lane ${lane}` : `(i32x4.extract_lane ${lane}`;
    const render =
      node.type === 'mask'
        ? ([text]: readonly string[]) => `(i32.ne ${raw} ${text}) (i32.const 0))`
        : ([text]: readonly string[]) => `${raw} ${text})`;
    return this.graph.pure(`extract${lane}`, { type: node.type, wide: false, args: [node], render });
  }

  /** Four narrow values as one wide one. */
  gather(values: readonly CodeNode[]): CodeNode {
    const shape = values[0].type === 'f32' ? 'f32x4' : 'i32x4';
    const whole = (text: string) => (values[0].type === 'mask' ? `(i32.sub (i32.const 0) ${text})` : text);
    return this.graph.pure('gather', {
      type: values[0].type,
      wide: true,
      args: values,
      render: ([first, ...rest]) =>
        rest.reduce(
          (vector, text, lane) => `(${shape}.replace_lane ${lane + 1} ${vector} ${whole(text)})`,
          `(${shape}.splat ${whole(first)})`,
        ),
    });
  }

  /** Swaps lanes that are `distance` apart: the order becomes 2, 3, 0, 1 or 1, 0, 3, 2. */
  swap(node: CodeNode, distance: 1 | 2): CodeNode {
    const bytes = Array.from({ length: 16 }, (_, byte) => byte ^ (4 * distance)).join(' ');
    return this.graph.pure(`swap${distance}`, {
      type: node.type,
      wide: true,
      args: [node],
      render: ([text]) => `(i8x16.shuffle ${bytes} ${text} ${text})`,
    });
  }

  /** 0, 1, 2, 3 times `step`. */
  iota(step: number): CodeNode {
    return this.graph.pure(`iota${step}`, {
      type: 'i32',
      wide: true,
      args: [],
      render: () => `(v128.const i32x4 0 ${step} ${2 * step} ${3 * step})`,
      inline: true,
    });
  }

  private laneByLane(name: LaneOperationName, given: readonly CodeNode[]): CodeNode {
    const lanes = [0, 1, 2, 3].map((lane) => this.do(name, ...given.map((node) => this.extract(node, lane))));
    return this.gather(lanes);
  }

  private wideConstant(type: LaneType, value: number): CodeNode {
    const one = type === 'f32' ? floatText(value) : type === 'mask' ? -value : value;
    const shape = type === 'f32' ? 'f32x4' : 'i32x4';
    return this.graph.pure(`wide ${shape} ${one}`, {
      type,
      wide: true,
      args: [],
      render: () => `(v128.const ${shape} ${one} ${one} ${one} ${one})`,
      constant: value,
      inline: true,
    });
  }

  private fusedNode(name: 'relaxed_madd' | 'relaxed_nmadd', ...given: readonly CodeNode[]): CodeNode {
    return this.graph.pure(name, {
      type: 'f32',
      wide: true,
      args: given.map((node) => this.widen(node)),
      render: (texts) => `(f32x4.${name} ${texts.join(' ')})`,
    });
  }

  private pick(
    wideName: 'pmax' | 'pmin',
    compare: string,
    x: CodeNode,
    c: CodeNode,
    order: (a: string, b: string) => readonly [string, string],
  ): CodeNode {
    const wide = x.wide || c.wide;
    const [a, b] = wide ? [this.widen(x), this.widen(c)] : [x, c];
    // The narrow text names its arguments more than once, so they must be held in locals.
    if (!wide) {
      x.local = true;
      c.local = true;
    }
    return this.graph.pure(wideName, {
      type: 'f32',
      wide,
      args: [a, b],
      render: ([left, right]) =>
        wide
          ? `(f32x4.${wideName} ${left} ${right})`
          : `(select ${right} ${left} (${compare} ${order(left, right).join(' ')}))`,
    });
  }
}

function isOrdered({ constant }: CodeNode): boolean {
  return constant !== undefined && !Number.isNaN(constant);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
