import type { Variable } from './graph.ts';
import { elementsOf, forEach } from './loop.ts';
import { add, divide, times } from './memory-access.ts';
import type { Node } from './node.ts';
import { type ContractionGround, type Index, PanelCode, type Tile } from './panel-code.ts';

/**
 * Work is shared out by panels, so that threads need no barrier: each packs what it uses. A last panel
 * with fewer columns has a tile of its own, with as many more rows as the registers saved allow.
 */
export class ContractionCode {
  private readonly extents: ReadonlyMap<string, number>;
  /** Panels of a batch. */
  private readonly panels: number;
  private readonly whole: PanelCode;
  private readonly last: PanelCode | undefined;

  constructor(
    private readonly ground: ContractionGround,
    tile: Tile,
    /** Panels packed at a time. */
    private readonly together: number,
  ) {
    const columns = elementsOf(tile.block);
    this.whole = new PanelCode(ground, tile, columns);
    this.extents = this.whole.extents;
    const extent = this.extents.get(ground.contraction.column)!;
    this.panels = Math.ceil(extent / columns);
    const rest = extent % columns;
    this.last = rest === 0 ? undefined : new PanelCode(ground, narrowed(tile, rest), rest);
  }

  /** Panels `begin` to `end`, counted over all batches. */
  rangeCode(begin: Variable, end: Variable): void {
    const { lanes: l } = this.ground;
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
        const before = times(l, batch, this.panels);
        const most = l.do('imin', add(l, first, this.together), graph.get(end));
        const index = this.batchIndex(batch);
        this.eitherKind(first, before, (code, limit) => {
          graph.set([groupEnd], [l.do('imin', most, limit)]);
          this.groupCode(code, group, groupEnd, index, before);
        });
        graph.set([group], [graph.get(groupEnd)]);
      },
    );
  }

  /** Generates for a group of whole panels, which ends before the narrow one, and for that one. */
  private eitherKind(first: Node, before: Node, body: (code: PanelCode, limit: Node) => void): void {
    const { lanes: l } = this.ground;
    const end = add(l, before, this.panels);
    const { last } = this;
    if (last === undefined || this.panels === 1) {
      body(last ?? this.whole, end);
      return;
    }
    const flag = l.graph.variable('i32', false);
    const lastPanel = add(l, before, this.panels - 1);
    l.graph.set([flag], [l.do('ilt', first, lastPanel)]);
    const when = (text: string, code: PanelCode, limit: Node) =>
      l.graph.inside(
        (inside) => `(if ${text} (then\n${inside}))`,
        () => body(code, limit),
      );
    when(`(local.get ${flag.name})`, this.whole, lastPanel);
    when(`(i32.eqz (local.get ${flag.name}))`, last, end);
  }

  /** Packs the group's panels, then walks the rows once for all of them. */
  private groupCode(code: PanelCode, group: Variable, groupEnd: Variable, batch: Index, before: Node): void {
    const { lanes: l, contraction } = this.ground;
    const bytes = this.extents.get(contraction.product.over[0])! * code.width * 4;
    const each = (body: (slot: Node, column: Node) => void) =>
      forEach(l, { begin: group, end: groupEnd }, (panel) => {
        const slot = times(l, l.do('isub', panel, l.graph.get(group)), bytes);
        body(slot, times(l, l.do('isub', panel, before), this.whole.width));
      });
    each((slot, column) => code.pack(slot, new Map([...batch, [contraction.column, column]])));
    const rows = this.extents.get(contraction.row)!;
    const whole = rows - (rows % code.tile.rows);
    this.inRows(code, 0, whole, code.tile.rows, batch, each);
    this.inRows(code, whole, rows, rows - whole, batch, each);
  }

  private inRows(
    code: PanelCode,
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
        code.tileCode(slot, count, new Map([...batch, [contraction.row, row], [contraction.column, column]])),
      );
    });
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

/** The tile of a narrower panel: as many rows as leave it no more registers to need than the wide one's. */
function narrowed({ rows, block }: Tile, columns: number): Tile {
  const registers = block.wide ? Math.ceil(columns / 4) : columns;
  const needed = rows * block.registers + rows + block.registers;
  return { rows: Math.floor((needed - registers) / (registers + 1)), block: { ...block, registers } };
}
