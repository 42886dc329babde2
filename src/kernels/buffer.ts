import { type Index, rowMajor } from './affine.ts';
import { constant, Expr, requireBool } from './expression.ts';
import type { Graph } from './graph.ts';
import type { DType, Operand } from './ir.ts';

/** An operand under construction: a row-major array, or a flat one with a single extent. */
export class Buffer {
  readonly operand: Operand;
  readonly extents: readonly number[];
  private readonly graph: Graph;
  private writes = 0;

  constructor(graph: Graph, operand: Operand, extents: readonly number[]) {
    this.graph = graph;
    this.operand = operand;
    this.extents = extents;
  }

  get dtype(): DType {
    return this.operand.dtype;
  }

  /** The element at `indices`, one per extent: x.at(i, j), x.at(i.times(2).plus(1)). */
  at(...indices: (Index | number)[]): Expr {
    return this.load(indices);
  }

  /** The element at `indices` where `when` holds, else `otherwise` and no access. */
  atWhere(when: Expr, otherwise: number, ...indices: (Index | number)[]): Expr {
    requireBool(`load of ${this.operand.name}`, when);
    return this.load(indices, { when, otherwise });
  }

  /** Later loads see what was stored: they are other values than the ones before. */
  written(): void {
    this.writes++;
  }

  private load(indices: readonly (Index | number)[], mask?: { when: Expr; otherwise: number }): Expr {
    const { name, role, dtype } = this.operand;
    const index = rowMajor(`operand ${name}`, this.extents, indices);
    const at = index.toMap();
    const inputs =
      mask === undefined ? [] : [mask.when.node, constant(this.graph, mask.otherwise, dtype).node];
    const node = this.graph.intern(
      `load:${name}:${this.writes}:${JSON.stringify(at)}`,
      dtype,
      index.strides.keys(),
      inputs,
      {
        kind: 'expression',
        label: name,
        leaf: false,
        loads: name,
        repeatable: mask === undefined && role === 'input',
        tree: ([when]) => {
          const plain = { kind: 'load', operand: name, at, dtype } as const;
          return mask === undefined ? plain : { ...plain, when, otherwise: mask.otherwise };
        },
      },
    );
    return new Expr(this.graph, node);
  }
}
