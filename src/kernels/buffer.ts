import { type AffineIndex, rowMajor } from './affine-index.ts';
import { constant, Expr } from './expression.ts';
import type { DType, Operand } from './ir.ts';
import { requireBool } from './require-bool.ts';
import type { ValueGraph } from './value-graph.ts';

/** An operand under construction: a row-major array, or a flat one with a single extent. */
export class Buffer {
  readonly operand: Operand;
  readonly extents: readonly number[];
  private readonly graph: ValueGraph;
  private writes = 0;

  constructor(graph: ValueGraph, operand: Operand, extents: readonly number[]) {
    this.graph = graph;
    this.operand = operand;
    this.extents = extents;
  }

  get dtype(): DType {
    return this.operand.dtype;
  }

  /** The element at `indices`, one per extent: x.at(i, j), x.at(i.times(2).plus(1)). */
  at(...indices: (AffineIndex | number)[]): Expr {
    return this.load(indices);
  }

  /** The element at `indices` where `when` holds; elsewhere `otherwise`, and memory is not accessed. */
  atWhere(when: Expr, otherwise: number, ...indices: (AffineIndex | number)[]): Expr {
    requireBool(`load of ${this.operand.name}`, when);
    return this.load(indices, { when, otherwise });
  }

  /** Notes a store: loads made from now on are other values than those made before. */
  written(): void {
    this.writes++;
  }

  private load(indices: readonly (AffineIndex | number)[], mask?: { when: Expr; otherwise: number }): Expr {
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
