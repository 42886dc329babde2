import type { IndexMap } from '../kernels/ir.ts';
import { required } from '../kernels/lookup.ts';
import { type Definition, definitionsOf } from '../lowering/expressions/bounds.ts';
import { expand } from '../lowering/expressions/expand.ts';
import { laneType } from '../lowering/expressions/lane-type.ts';
import type { Contraction, LoweredKernel, MapStage } from '../lowering/lowered-kernel.ts';
import { mapsOf } from '../lowering/maps.ts';
import type { RegisterTile } from '../lowering/panels.ts';
import type { Variable } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import { type EmitContext, emitContext, type Readable } from './emit-context.ts';
import type { Lanes } from './lanes.ts';
import { blockElements, forEach } from './loop.ts';
import {
  addConstant,
  emitLoad,
  emitLoadSplat,
  emitStore,
  type LoopCounters,
  type MemoryRegion,
  type Position,
} from './memory-access.ts';
import { accumulate } from './reduction-code.ts';
import { knownSizes } from './sizes.ts';

/** What the code of a contraction is generated from. */
export type ContractionEnvironment = Readonly<{
  lanes: Lanes;
  lowered: LoweredKernel;
  contraction: Contraction;
  regions: ReadonlyMap<string, MemoryRegion>;
  readable: Readable;
  /** Address of the packed panels. */
  scratch: CodeNode;
  /** Whether a register has lanes. */
  wide: boolean;
}>;

/**
 * Code for one panel of columns. The panel of `right` is packed so that the innermost loop reads it in
 * order. Accumulators start at zero; the operands that the product is added to are loaded after that loop
 * (loaded before it, they make engines spill registers).
 */
export class PanelCode {
  /** Columns that a packed panel has room for. */
  readonly width: number;
  private readonly maps: ReadonlyMap<string, MapStage>;
  private readonly packed: MemoryRegion;
  private readonly definition: Definition;

  /** Lanes beyond the tile's columns are packed as zeros. */
  constructor(
    private readonly env: ContractionEnvironment,
    readonly tile: RegisterTile,
  ) {
    const { stages } = env.lowered.kernel;
    this.maps = mapsOf(stages);
    this.definition = definitionsOf(stages);
    this.width = blockElements(env.lanes, { registers: tile.registers, wide: env.wide });
    const dtype = laneType(env.contraction.product.dtype) === 'f32' ? 'f32' : 'i32';
    this.packed = { name: 'packed', dtype, base: env.scratch, constant: false };
  }

  /** Packs a panel: evaluates `right` and stores it in the order in which the innermost loop reads it. */
  pack(slot: CodeNode, index: LoopCounters): void {
    const { lanes: l, contraction } = this.env;
    const [over] = contraction.product.over;
    const target = { ...this.packed, base: l.do('iadd', this.packed.base, slot) };
    const at: IndexMap = { offset: 0, strides: { [over]: this.width, [contraction.column]: 1 } };
    forEach(l, { begin: 0, end: this.env.lowered.extents[over] }, (k) => {
      const here = new Map([...index, [over, k]]);
      const inPanel = new Map([[over, k], [contraction.column, l.i32(0)] as const]);
      const values = this.pieces().map(({ wide, ahead }) =>
        expand(contraction.right, this.context(this.position(here, wide, ahead))),
      );
      this.pieces().forEach(({ wide, ahead }, n) => {
        emitStore(l, target, at, this.position(inPanel, wide, ahead), values[n]);
      });
      for (let n = this.tile.columns; n < this.width; n++) {
        emitStore(l, target, at, this.position(inPanel, false, n), this.zero());
      }
    });
  }

  /** A panel's columns in whole registers, and one by one those that do not fill one. */
  private pieces(): readonly Readonly<{ wide: boolean; ahead: number }>[] {
    const { wide } = this.env;
    const step = this.step;
    const whole = Math.floor(this.tile.columns / step);
    return [
      ...Array.from({ length: whole }, (_, n) => ({ wide, ahead: n * step })),
      ...Array.from({ length: this.tile.columns % step }, (_, n) => ({
        wide: false,
        ahead: whole * step + n,
      })),
    ];
  }

  /** Columns of a register. */
  private get step(): number {
    return this.env.wide ? this.env.lanes.count : 1;
  }

  private zero(): CodeNode {
    const { lanes: l } = this.env;
    return this.packed.dtype === 'f32' ? l.f32(0) : l.i32(0);
  }

  /** A register tile: the loop over the contracted dimension, then the stages after the product. */
  tileCode(slot: CodeNode, rows: number, index: LoopCounters): void {
    const { lanes: l, contraction, wide } = this.env;
    const { product } = contraction;
    const { registers } = this.tile;
    const zero = wide ? l.widen(this.zero()) : this.zero();
    const sums = Array.from({ length: rows * registers }, () => l.graph.variable(zero.type, wide));
    l.graph.set(
      sums,
      sums.map(() => zero),
    );
    const cursor = l.graph.variable('address', false);
    l.graph.set([cursor], [l.do('iadd', this.packed.base, slot)]);
    const [over] = product.over;
    forEach(l, { begin: 0, end: this.env.lowered.extents[over] }, (k) => {
      const here = new Map([...index, [over, k]]);
      const panel = { ...this.packed, base: l.graph.get(cursor) };
      panel.base.local = true;
      const lefts = Array.from({ length: rows }, (_, r) => this.leftValue(here, r, wide));
      const rights = Array.from({ length: registers }, (_, n) =>
        emitLoad(
          l,
          panel,
          { offset: 0, strides: { column: 1 } },
          {
            index: new Map([['column', l.i32(0)]]),
            vector: { dim: 'column', wide, ahead: n * this.step },
          },
        ),
      );
      const values = sums.map((sum, n) =>
        this.advanced(sum, lefts[Math.floor(n / registers)], rights[n % registers]),
      );
      sums.forEach((sum, n) => void l.graph.set([sum], [values[n]]));
      l.graph.set([cursor], [addConstant(l, panel.base, this.width * 4)]);
    });
    this.epilogue(sums, rows, index);
  }

  private leftValue(index: LoopCounters, ahead: number, wide: boolean): CodeNode {
    const { lanes: l, contraction, regions } = this.env;
    const { left, row } = contraction;
    const position: Position = { index, vector: { dim: row, wide: false, ahead } };
    if (wide && left.kind === 'load' && left.dtype === 'f32' && left.when === undefined) {
      return emitLoadSplat(l, required(regions, left.operand), left.at, position);
    }
    const value = expand(left, this.context(position));
    return wide ? l.widen(value) : value;
  }

  private advanced(sum: Variable, left: CodeNode, right: CodeNode): CodeNode {
    const { product } = this.env.contraction;
    const given = new Map([
      ['left', left],
      ['right', right],
    ]);
    const value = (name: 'left' | 'right') => ({ kind: 'value', name, dtype: product.dtype }) as const;
    const context = this.context({ index: new Map() }, given);
    return accumulate({ ...product, left: value('left'), right: value('right') }, [sum], context)[0];
  }

  /** The stages after the product, on a tile in registers. */
  private epilogue(sums: readonly Variable[], rows: number, index: LoopCounters): void {
    const { lanes: l } = this.env;
    const { registers } = this.tile;
    for (let r = 0; r < rows; r++) {
      const here = this.movedRow(index, r);
      const own = sums.slice(r * registers, (r + 1) * registers).map((sum) => l.graph.get(sum));
      for (const { wide, ahead } of this.pieces()) {
        const sum = own[Math.floor((ahead * registers) / this.width)];
        this.storeAll(this.position(here, wide, ahead), wide ? sum : l.extract(sum, ahead % this.step));
      }
    }
  }

  private movedRow(index: LoopCounters, ahead: number): LoopCounters {
    const { lanes: l, contraction } = this.env;
    return new Map([...index, [contraction.row, addConstant(l, required(index, contraction.row), ahead)]]);
  }

  private storeAll(position: Position, sum: CodeNode): void {
    const { lanes: l, lowered, contraction, regions } = this.env;
    const context = this.context(position, new Map([[contraction.product.name, sum]]));
    for (const stage of lowered.kernel.stages) {
      if (stage.kind !== 'store') continue;
      const when = stage.when === undefined ? undefined : expand(stage.when, context);
      emitStore(l, required(regions, stage.operand), stage.at, position, expand(stage.value, context), when);
    }
  }

  private position(index: LoopCounters, wide: boolean, ahead: number): Position {
    return { index, vector: { dim: this.env.contraction.column, wide, ahead } };
  }

  private context(position: Position, given: ReadonlyMap<string, CodeNode> = new Map()): EmitContext {
    const { lanes, regions, readable, lowered } = this.env;
    const context = emitContext({
      lanes,
      position,
      regions,
      readable,
      sizes: knownSizes(lowered),
      definition: this.definition,
      value: (name): CodeNode => given.get(name) ?? expand(required(this.maps, name).value, context),
    });
    return context;
  }
}
