import type { IndexMap } from '../../../kernels/ir.ts';
import { type Definition, definitionsOf } from './bounds.ts';
import type { Contraction } from './contraction.ts';
import { evaluate, type Place } from './expression.ts';
import { foldIn } from './fold.ts';
import type { Variable } from './graph.ts';
import type { Lanes } from './lanes.ts';
import { type Block, elementsOf, forEach } from './loop.ts';
import { add, divide, load, loadSplat, type Position, type Region, store, times } from './memory-access.ts';
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
  /** Rows and registers of the register tile, and panels packed at a time. */
  tile: Readonly<{ rows: number; block: Block; panels: number }>;
}>;

type Index = ReadonlyMap<string, Node>;

/**
 * A panel of `right` is packed so that the innermost loop reads it in order; its accumulators start
 * at zero and meet the operands only after that loop (loading them before makes V8 spill). Work is
 * shared out by panels, so that threads need no barrier: each packs what it uses.
 */
export class ContractionCode {
  private readonly columns: number;
  private readonly panels: number;
  private readonly extents: ReadonlyMap<string, number>;
  private readonly maps: ReadonlyMap<string, MapStage>;
  private readonly packed: Region;
  private readonly definition: Definition;

  constructor(private readonly ground: ContractionGround) {
    const { kernel, product, column } = ground.contraction;
    this.extents = new Map(kernel.dimensions.map(({ name, extent }) => [name, extent]));
    this.maps = new Map(
      kernel.stages.filter((stage) => stage.kind === 'map').map((stage) => [stage.name, stage]),
    );
    this.definition = definitionsOf(kernel.stages);
    this.columns = elementsOf(ground.tile.block);
    this.panels = Math.ceil(this.extents.get(column)! / this.columns);
    const dtype = laneType(product.dtype) === 'f32' ? 'f32' : 'i32';
    this.packed = { name: 'packed', dtype, base: ground.scratch, constant: false };
  }

  /** Panels `begin` to `end`, counted over all batches. */
  rangeCode(begin: Variable, end: Variable): void {
    const { lanes: l, tile } = this.ground;
    const { graph } = l;
    const group = graph.variable('i32', false);
    const groupEnd = graph.variable('i32', false);
    graph.set([group], [graph.get(begin)]);
    const until = `(br_if $groups (i32.lt_s (local.get ${group.name}) (local.get ${end.name})))`;
    const loop = (body: string) => `(loop $groups\n${body}\n${until})`;
    graph.inside(
      (body) => `(if (i32.lt_s (local.get ${begin.name}) (local.get ${end.name})) (then\n${loop(body)}))`,
      () => {
        const first = graph.get(group);
        const batch = divide(l, 'div_u', first, this.panels);
        const batchEnd = times(l, add(l, batch, 1), this.panels);
        const limit = l.do('imin', l.do('imin', add(l, first, tile.panels), graph.get(end)), batchEnd);
        graph.set([groupEnd], [limit]);
        this.groupCode(group, groupEnd, this.batchIndex(batch), times(l, batch, this.panels));
        graph.set([group], [graph.get(groupEnd)]);
      },
    );
  }

  /** Packs the group's panels, then walks the rows once for all of them. */
  private groupCode(group: Variable, groupEnd: Variable, batch: Index, before: Node): void {
    const { lanes: l, contraction, tile } = this.ground;
    const each = (body: (slot: Node, column: Node) => void) =>
      forEach(l, { begin: group, end: groupEnd }, (panel) => {
        const bytes = this.extents.get(contraction.product.over[0])! * this.columns * 4;
        const slot = times(l, l.do('isub', panel, l.graph.get(group)), bytes);
        body(slot, times(l, l.do('isub', panel, before), this.columns));
      });
    each((slot, column) => this.pack(slot, new Map([...batch, [contraction.column, column]])));
    const rows = this.extents.get(contraction.row)!;
    const whole = rows - (rows % tile.rows);
    this.inRows(0, whole, tile.rows, batch, each);
    this.inRows(whole, rows, rows - whole, batch, each);
  }

  private inRows(
    begin: number,
    end: number,
    count: number,
    batch: Index,
    each: (body: (slot: Node, column: Node) => void) => void,
  ): void {
    if (begin === end) return;
    const { lanes: l, contraction } = this.ground;
    forEach(l, { begin: 0, end: (end - begin) / count }, (step) => {
      const row = add(l, times(l, step, count), begin);
      each((slot, column) =>
        this.tileCode(slot, count, new Map([...batch, [contraction.row, row], [contraction.column, column]])),
      );
    });
  }

  /** Copies a panel of `right`, evaluated, into order; columns beyond the last are zero. */
  private pack(slot: Node, index: Index): void {
    const { lanes: l, contraction, tile } = this.ground;
    const [over] = contraction.product.over;
    const target = { ...this.packed, base: l.do('iadd', this.packed.base, slot) };
    const at: IndexMap = { offset: 0, strides: { [over]: this.columns, [contraction.column]: 1 } };
    forEach(l, { begin: 0, end: this.extents.get(over)! }, (k) => {
      const here = new Map([...index, [over, k]]);
      const inPanel = new Map([[over, k], [contraction.column, l.i32(0)] as const]);
      const whole = () => {
        const registers = Array.from({ length: tile.block.registers }, (_, n) => n);
        const positions = registers.map((n) => ({
          from: this.position(here, tile.block.wide, n),
          to: this.position(inPanel, tile.block.wide, n),
        }));
        const values = positions.map(({ from }) => evaluate(contraction.right, this.place(from)));
        positions.forEach(({ to }, n) => void store(l, target, at, to, values[n]));
      };
      this.wholeOrTail(index, whole, (columns) => {
        for (let n = 0; n < this.columns; n++) {
          const value =
            n < columns
              ? evaluate(contraction.right, this.place(this.position(here, false, n)))
              : this.zero();
          store(l, target, at, this.position(inPanel, false, n), value);
        }
      });
    });
  }

  private zero(): Node {
    const { lanes: l } = this.ground;
    return this.packed.dtype === 'f32' ? l.f32(0) : l.i32(0);
  }

  /** One register tile: the loop over the contracted dimension, then what follows the product. */
  private tileCode(slot: Node, rows: number, index: Index): void {
    const { lanes: l, contraction, tile } = this.ground;
    const { product } = contraction;
    const { registers, wide } = tile.block;
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
      l.graph.set([cursor], [add(l, panel.base, this.columns * 4)]);
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
    const { lanes: l, tile } = this.ground;
    const { registers, wide } = tile.block;
    for (let r = 0; r < rows; r++) {
      const here = this.movedRow(index, r);
      const own = sums.slice(r * registers, (r + 1) * registers);
      this.wholeOrTail(
        index,
        () => {
          own.forEach((sum, n) => void this.storeAll(this.position(here, wide, n), l.graph.get(sum)));
        },
        (columns) => {
          const values = own.map((sum) => l.graph.get(sum));
          for (let n = 0; n < columns; n++) {
            const sum = wide ? l.extract(values[Math.floor(n / 4)], n % 4) : values[n];
            this.storeAll(this.position(here, false, n), sum);
          }
        },
      );
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

  /** Generates for a panel of all its columns and, where the last one has fewer, for that one too. */
  private wholeOrTail(index: Index, whole: () => void, tail: (columns: number) => void): void {
    const { lanes: l, contraction } = this.ground;
    const extent = this.extents.get(contraction.column)!;
    const rest = extent % this.columns;
    if (rest === 0) {
      whole();
      return;
    }
    const flag = l.graph.variable('i32', false);
    const last = l.i32(extent - rest);
    l.graph.set([flag], [l.do('ilt', index.get(contraction.column)!, last)]);
    l.graph.inside((body) => `(if (local.get ${flag.name}) (then\n${body}))`, whole);
    l.graph.inside(
      (body) => `(if (i32.eqz (local.get ${flag.name})) (then\n${body}))`,
      () => tail(rest),
    );
  }

  private position(index: Index, wide: boolean, register: number): Position {
    const ahead = register * (wide ? 4 : 1);
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

  /** The indices of the batch dimensions from a batch's number. */
  private batchIndex(batch: Node): Index {
    const { lanes: l, contraction } = this.ground;
    const index = new Map<string, Node>();
    let rest = batch;
    contraction.batch.toReversed().forEach((name, place) => {
      const isOutermost = place === contraction.batch.length - 1;
      index.set(name, isOutermost ? rest : divide(l, 'rem_u', rest, this.extents.get(name)!));
      if (!isOutermost) rest = divide(l, 'div_u', rest, this.extents.get(name)!);
    });
    return index;
  }
}
