import type { IndexMap } from '../../../kernels/ir.ts';
import { type Definition, definitionsOf } from './bounds.ts';
import type { Contraction } from './contraction.ts';
import { evaluate, type Place } from './expression.ts';
import { foldIn } from './fold.ts';
import type { Variable } from './graph.ts';
import type { Lanes } from './lanes.ts';
import { type Block, elementsOf, forEach } from './loop.ts';
import { add, load, loadSplat, type Position, type Region, store } from './memory-access.ts';
import type { Node } from './node.ts';
import type { MapStage } from './plan.ts';
import { laneType } from './storage.ts';

/** What a contraction's code stands on. */
export type ContractionGround = Readonly<{
  lanes: Lanes;
  contraction: Contraction;
  regions: ReadonlyMap<string, Region>;
  readable: Place['readable'];
  /** Address of the packed panels. */
  scratch: Node;
}>;

/** Rows and registers of a register tile. */
export type Tile = Readonly<{ rows: number; block: Block }>;

export type Index = ReadonlyMap<string, Node>;

/**
 * A panel of `right` is packed so that the innermost loop reads it in order; its accumulators start
 * at zero and meet the operands only after that loop (loading them before makes V8 spill).
 */
export class PanelCode {
  /** Columns that a packed panel has room for. */
  readonly width: number;
  readonly extents: ReadonlyMap<string, number>;
  private readonly maps: ReadonlyMap<string, MapStage>;
  private readonly packed: Region;
  private readonly definition: Definition;

  /** Code for panels of so many columns; what a register has beyond them is packed as zeros. */
  constructor(
    private readonly ground: ContractionGround,
    readonly tile: Tile,
    private readonly columns: number,
  ) {
    const { kernel, product } = ground.contraction;
    this.extents = new Map(kernel.dimensions.map(({ name, extent }) => [name, extent]));
    this.maps = new Map(
      kernel.stages.filter((stage) => stage.kind === 'map').map((stage) => [stage.name, stage]),
    );
    this.definition = definitionsOf(kernel.stages);
    this.width = elementsOf(tile.block);
    const dtype = laneType(product.dtype) === 'f32' ? 'f32' : 'i32';
    this.packed = { name: 'packed', dtype, base: ground.scratch, constant: false };
  }

  /** Copies a panel of `right`, evaluated, into order. */
  pack(slot: Node, index: Index): void {
    const { lanes: l, contraction } = this.ground;
    const [over] = contraction.product.over;
    const target = { ...this.packed, base: l.do('iadd', this.packed.base, slot) };
    const at: IndexMap = { offset: 0, strides: { [over]: this.width, [contraction.column]: 1 } };
    forEach(l, { begin: 0, end: this.extents.get(over)! }, (k) => {
      const here = new Map([...index, [over, k]]);
      const inPanel = new Map([[over, k], [contraction.column, l.i32(0)] as const]);
      const values = this.pieces().map(({ wide, ahead }) =>
        evaluate(contraction.right, this.place(this.position(here, wide, ahead))),
      );
      this.pieces().forEach(({ wide, ahead }, n) => {
        store(l, target, at, this.position(inPanel, wide, ahead), values[n]);
      });
      for (let n = this.columns; n < this.width; n++) {
        store(l, target, at, this.position(inPanel, false, n), this.zero());
      }
    });
  }

  /** A panel's columns as whole registers, and one by one where they do not fill one. */
  private pieces(): readonly Readonly<{ wide: boolean; ahead: number }>[] {
    const { wide } = this.tile.block;
    const step = wide ? 4 : 1;
    const whole = Math.floor(this.columns / step);
    return [
      ...Array.from({ length: whole }, (_, n) => ({ wide, ahead: n * step })),
      ...Array.from({ length: this.columns % step }, (_, n) => ({ wide: false, ahead: whole * step + n })),
    ];
  }

  private zero(): Node {
    const { lanes: l } = this.ground;
    return this.packed.dtype === 'f32' ? l.f32(0) : l.i32(0);
  }

  /** One register tile: the loop over the contracted dimension, then what follows the product. */
  tileCode(slot: Node, rows: number, index: Index): void {
    const { lanes: l, contraction } = this.ground;
    const { product } = contraction;
    const { registers, wide } = this.tile.block;
    const zero = wide ? l.widen(this.zero()) : this.zero();
    const sums = Array.from({ length: rows * registers }, () => l.graph.variable(zero.type, wide));
    l.graph.set(
      sums,
      sums.map(() => zero),
    );
    const cursor = l.graph.variable('i32', false);
    l.graph.set([cursor], [l.do('iadd', this.packed.base, slot)]);
    const [over] = product.over;
    forEach(l, { begin: 0, end: this.extents.get(over)! }, (k) => {
      const here = new Map([...index, [over, k]]);
      const panel = { ...this.packed, base: l.graph.get(cursor) };
      panel.base.local = true;
      const lefts = Array.from({ length: rows }, (_, r) => this.leftValue(here, r, wide));
      const rights = Array.from({ length: registers }, (_, n) =>
        load(
          l,
          panel,
          { offset: 0, strides: { column: 1 } },
          {
            index: new Map([['column', l.i32(0)]]),
            vector: { dim: 'column', wide, ahead: n * (wide ? 4 : 1) },
          },
        ),
      );
      const values = sums.map((sum, n) =>
        this.step(sum, lefts[Math.floor(n / registers)], rights[n % registers]),
      );
      sums.forEach((sum, n) => void l.graph.set([sum], [values[n]]));
      l.graph.set([cursor], [add(l, panel.base, this.width * 4)]);
    });
    this.epilogue(sums, rows, index);
  }

  private leftValue(index: Index, ahead: number, wide: boolean): Node {
    const { lanes: l, contraction, regions } = this.ground;
    const { left, row } = contraction;
    const position: Position = { index, vector: { dim: row, wide: false, ahead } };
    if (wide && left.kind === 'load' && left.dtype === 'f32' && left.when === undefined) {
      return loadSplat(l, regions.get(left.operand)!, left.at, position);
    }
    const value = evaluate(left, this.place(position));
    return wide ? l.widen(value) : value;
  }

  private step(sum: Variable, left: Node, right: Node): Node {
    const { product } = this.ground.contraction;
    const given = new Map([
      ['left', left],
      ['right', right],
    ]);
    const value = (name: 'left' | 'right') => ({ kind: 'value', name, dtype: product.dtype }) as const;
    const place = this.place({ index: new Map() }, given);
    return foldIn({ ...product, left: value('left'), right: value('right') }, [sum], place)[0];
  }

  /** The stages behind the product, on a tile that stands in registers. */
  private epilogue(sums: readonly Variable[], rows: number, index: Index): void {
    const { lanes: l } = this.ground;
    const { registers } = this.tile.block;
    for (let r = 0; r < rows; r++) {
      const here = this.movedRow(index, r);
      const own = sums.slice(r * registers, (r + 1) * registers).map((sum) => l.graph.get(sum));
      for (const { wide, ahead } of this.pieces()) {
        const sum = own[Math.floor((ahead * registers) / this.width)];
        this.storeAll(this.position(here, wide, ahead), wide ? sum : l.extract(sum, ahead % 4));
      }
    }
  }

  private movedRow(index: Index, ahead: number): Index {
    const { lanes: l, contraction } = this.ground;
    return new Map([...index, [contraction.row, add(l, index.get(contraction.row)!, ahead)]]);
  }

  private storeAll(position: Position, sum: Node): void {
    const { lanes: l, contraction, regions } = this.ground;
    const place = this.place(position, new Map([[contraction.product.name, sum]]));
    for (const stage of contraction.kernel.stages) {
      if (stage.kind !== 'store') continue;
      const when = stage.when === undefined ? undefined : evaluate(stage.when, place);
      store(l, regions.get(stage.operand)!, stage.at, position, evaluate(stage.value, place), when);
    }
  }

  private position(index: Index, wide: boolean, ahead: number): Position {
    return { index, vector: { dim: this.ground.contraction.column, wide, ahead } };
  }

  private place(position: Position, given: ReadonlyMap<string, Node> = new Map()): Place {
    const { lanes, regions, readable } = this.ground;
    const place: Place = {
      lanes,
      position,
      readable,
      definition: this.definition,
      region: (operand) => regions.get(operand)!,
      value: (name) => given.get(name) ?? evaluate(this.maps.get(name)!.value, place),
    };
    return place;
  }
}
