import type { Graph } from './graph.ts';
import type { LaneType, Node } from './node.ts';
import { OPERATIONS, type Operation, type OperationName } from './operations.ts';

/**
 * Arithmetic on lanes. An operation is wide as soon as one argument is; narrow arguments are then
 * spread over the lanes. Scalar and vector code written through this give the same bits, as long
 * as `fused` is off.
 */
export class Lanes {
  constructor(
    readonly graph: Graph,
    /** Whether wide multiply-adds round once (relaxed SIMD). */
    readonly fused: boolean,
  ) {}

  f32(value: number): Node {
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

  i32(value: number): Node {
    return this.graph.pure(`i32:${value | 0}`, {
      type: 'i32',
      wide: false,
      args: [],
      render: () => `(i32.const ${value | 0})`,
      constant: value | 0,
      inline: true,
    });
  }

  mask(value: boolean): Node {
    return this.graph.pure(`mask:${value}`, {
      type: 'mask',
      wide: false,
      args: [],
      render: () => `(i32.const ${value ? 1 : 0})`,
      constant: value ? 1 : 0,
      inline: true,
    });
  }

  do(name: OperationName, ...given: readonly Node[]): Node {
    const operation: Operation = OPERATIONS[name];
    const wide = given.some((node) => node.wide);
    const args = wide ? given.map((node) => this.widen(node)) : given;
    const opening = wide ? operation.wide : operation.narrow;
    return this.graph.pure(name, {
      type: operation.result,
      wide,
      args,
      render: (texts) => (opening === '' ? texts[0] : `${opening} ${texts.join(' ')})`),
    });
  }

  /** a · b + c; rounded once where fused and wide. */
  mulAdd(a: Node, b: Node, c: Node): Node {
    if (!this.fused || !(a.wide || b.wide || c.wide)) return this.do('add', this.do('mul', a, b), c);
    return this.fusedNode('relaxed_madd', a, b, c);
  }

  /** c − a · b; rounded once where fused and wide. */
  mulSub(a: Node, b: Node, c: Node): Node {
    if (!this.fused || !(a.wide || b.wide || c.wide)) return this.do('sub', c, this.do('mul', a, b));
    return this.fusedNode('relaxed_nmadd', a, b, c);
  }

  /** The greater one; x where either is NaN. One instruction wide; c must not be NaN. */
  atLeast(x: Node, c: Node): Node {
    return this.pick('pmax', 'f32.lt', x, c, (a, b) => [a, b]);
  }

  /** The lesser one; x where either is NaN. One instruction wide; c must not be NaN. */
  atMost(x: Node, c: Node): Node {
    return this.pick('pmin', 'f32.lt', x, c, (a, b) => [b, a]);
  }

  shift(op: 'shl' | 'shr_s' | 'shr_u', x: Node, places: number): Node {
    const opening = x.wide ? `(i32x4.${op}` : `(i32.${op}`;
    return this.graph.pure(`${op}${places}`, {
      type: 'i32',
      wide: x.wide,
      args: [x],
      render: ([text]) => `${opening} ${text} (i32.const ${places}))`,
    });
  }

  /** `then` where the condition holds. */
  select(condition: Node, then: Node, otherwise: Node): Node {
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

  /** The same in all four lanes. */
  widen(node: Node): Node {
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

  extract(node: Node, lane: number): Node {
    if (!node.wide) return node;
    const raw = node.type === 'f32' ? `(f32x4.extract_lane ${lane}` : `(i32x4.extract_lane ${lane}`;
    const render =
      node.type === 'mask'
        ? ([text]: readonly string[]) => `(i32.ne ${raw} ${text}) (i32.const 0))`
        : ([text]: readonly string[]) => `${raw} ${text})`;
    return this.graph.pure(`extract${lane}`, { type: node.type, wide: false, args: [node], render });
  }

  /** Four narrow values as one wide. */
  gather(values: readonly Node[]): Node {
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

  /** Lanes 2, 3, 0, 1 (distance 2) or 1, 0, 3, 2 (distance 1). */
  swap(node: Node, distance: 1 | 2): Node {
    const bytes = Array.from({ length: 16 }, (_, byte) => byte ^ (4 * distance)).join(' ');
    return this.graph.pure(`swap${distance}`, {
      type: node.type,
      wide: true,
      args: [node],
      render: ([text]) => `(i8x16.shuffle ${bytes} ${text} ${text})`,
    });
  }

  /** 0, 1, 2, 3 times `step`. */
  iota(step: number): Node {
    return this.graph.pure(`iota${step}`, {
      type: 'i32',
      wide: true,
      args: [],
      render: () => `(v128.const i32x4 0 ${step} ${2 * step} ${3 * step})`,
      inline: true,
    });
  }

  private wideConstant(type: LaneType, value: number): Node {
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

  private fusedNode(name: 'relaxed_madd' | 'relaxed_nmadd', ...given: readonly Node[]): Node {
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
    x: Node,
    c: Node,
    order: (a: string, b: string) => readonly [string, string],
  ): Node {
    const wide = x.wide || c.wide;
    const [a, b] = wide ? [this.widen(x), this.widen(c)] : [x, c];
    // A narrow x is named three times below, so it must stand in a local.
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

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
