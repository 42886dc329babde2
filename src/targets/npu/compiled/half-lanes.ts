import type { CodeNode } from '../../../generator/code-node.ts';
import { Lanes } from '../../../generator/lanes.ts';
import type { Render } from '../../../generator/language.ts';
import { roundTo } from '../../../kernels/round.ts';

/** The larger or smaller of two: rounded, it is that of both rounded, which the unit has an operation for. */
type Pick = Readonly<{ name: 'pmax' | 'pmin'; of: readonly CodeNode[] }>;

/**
 * Lanes of a unit that computes on f16: each wide operation on f16 numbers is rounded to one, as lanes.h has it, and so
 * LLVM makes the unit's own operation of it. What an operation expands to (an exponential's steps) is computed in f32.
 */
export class HalfLanes extends Lanes {
  private readonly halves = new WeakSet<CodeNode>();
  private readonly picks = new WeakMap<CodeNode, Pick>();

  rounded(value: CodeNode): CodeNode {
    const { constant, wide, type } = value;
    if (type !== 'f32') return value;
    const picked = this.picks.get(value);
    if (picked !== undefined)
      return this.half(picked.of, true, ([a, b]) => `${picked.name}_half(${a}, ${b})`);
    if (wide) return this.half([value], true, ([x]) => `half_w(${x})`);
    if (constant === undefined) return this.half([value], false, ([x]) => x);
    const rounded = this.f32(roundTo('f16', constant));
    this.halves.add(rounded);
    return rounded;
  }

  /** By its bits: the scalar core would call a function to convert an f16 number. */
  override extract(node: CodeNode, lane: number): CodeNode {
    if (!node.wide || !this.halves.has(node)) return super.extract(node, lane);
    const render = ([x]: readonly string[]) => `from_half_s(to_half_w(${x})[${lane}])`;
    return this.graph.pure(`extract${lane}`, { type: 'f32', wide: false, args: [node], render });
  }

  override widen(node: CodeNode): CodeNode {
    const { constant, wide } = node;
    if (wide || !this.halves.has(node)) return super.widen(node);
    if (constant === undefined) return this.rounded(super.widen(node));
    if (Number.isFinite(constant)) return super.widen(node);
    const bits = constant > 0 ? '0x7c00' : '0xfc00';
    return this.graph.pure(`half ${bits}`, {
      type: 'f32',
      wide: true,
      args: [],
      render: () => `infinite_half_w(${bits})`,
      constant,
    });
  }

  override atLeast(x: CodeNode, c: CodeNode): CodeNode {
    return this.noted('pmax', [x, c], super.atLeast(x, c));
  }

  override atMost(x: CodeNode, c: CodeNode): CodeNode {
    return this.noted('pmin', [x, c], super.atMost(x, c));
  }

  private noted(name: Pick['name'], of: readonly CodeNode[], picked: CodeNode): CodeNode {
    if (picked.wide) this.picks.set(picked, { name, of: of.map((node) => this.widen(node)) });
    return picked;
  }

  private half(args: readonly CodeNode[], wide: boolean, render: Render): CodeNode {
    const half = this.graph.pure(`half ${render(args.map((_, n) => String(n)))}`, {
      type: 'f32',
      wide,
      args,
      render,
    });
    this.halves.add(half);
    return half;
  }
}
