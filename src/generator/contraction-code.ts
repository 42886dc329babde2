import type { Extents } from '../lowering/lowered-kernel.ts';
import type { PanelPlan } from '../lowering/panels.ts';
import type { Variable } from './code-graph.ts';
import type { CodeNode } from './code-node.ts';
import { forEach, operationText } from './loop.ts';
import { addConstant, divideByConstant, type LoopCounters, timesConstant } from './memory-access.ts';
import { type ContractionEnvironment, PanelCode } from './panel-code.ts';
import { unflatten } from './unflatten.ts';

/**
 * Code for a contraction. Threads share the work by panels and need no barrier: each packs the panels that
 * it uses.
 */
export class ContractionCode {
  private readonly extents: Extents;
  private readonly whole: PanelCode;
  private readonly last: PanelCode | undefined;

  constructor(
    private readonly env: ContractionEnvironment,
    private readonly panels: PanelPlan,
  ) {
    this.extents = env.lowered.extents;
    this.whole = new PanelCode(env, panels.whole);
    this.last = panels.last && new PanelCode(env, panels.last);
  }

  /** Panels `begin` to `end`, counted over all batches. */
  rangeCode(begin: Variable, end: Variable): void {
    const { lanes: l } = this.env;
    const { graph, language } = l;
    const group = graph.variable('index', false);
    const groupEnd = graph.variable('index', false);
    graph.set([group], [graph.get(begin)]);
    const isBelow = ({ name }: Variable): string =>
      operationText(language, 'ilt', [language.read(name), language.read(end.name)]);
    graph.inside(
      (body) => language.conditional(isBelow(begin), language.repeat('groups', body, isBelow(group))),
      () => {
        const first = graph.get(group);
        const batch = divideByConstant(l, 'div_u', first, this.panels.count);
        const before = timesConstant(l, batch, this.panels.count);
        const most = l.do('imin', addConstant(l, first, this.panels.together), graph.get(end));
        const index = unflatten(l, this.env.contraction.batch, this.extents, batch);
        this.eitherKind(first, before, (code, limit) => {
          graph.set([groupEnd], [l.do('imin', most, limit)]);
          this.groupCode(code, group, groupEnd, index, before);
        });
        graph.set([group], [graph.get(groupEnd)]);
      },
    );
  }

  /** Generates `body` twice: for a group of whole panels, which ends before the narrow one, and for the narrow one. */
  private eitherKind(
    first: CodeNode,
    before: CodeNode,
    body: (code: PanelCode, limit: CodeNode) => void,
  ): void {
    const { lanes: l } = this.env;
    const end = addConstant(l, before, this.panels.count);
    const { last } = this;
    if (last === undefined || this.panels.count === 1) {
      body(last ?? this.whole, end);
      return;
    }
    const flag = l.graph.variable('i32', false);
    const lastPanel = addConstant(l, before, this.panels.count - 1);
    l.graph.set([flag], [l.do('ilt', first, lastPanel)]);
    const when = (text: string, code: PanelCode, limit: CodeNode) =>
      l.graph.inside(
        (inside) => l.language.conditional(text, inside),
        () => body(code, limit),
      );
    const isWhole = l.language.read(flag.name);
    when(isWhole, this.whole, lastPanel);
    when(operationText(l.language, 'mnot', [isWhole]), last, end);
  }

  /** Packs the group's panels, then walks the rows once for all of them. */
  private groupCode(
    code: PanelCode,
    group: Variable,
    groupEnd: Variable,
    batch: LoopCounters,
    before: CodeNode,
  ): void {
    const { lanes: l, contraction } = this.env;
    const bytes = this.extents[contraction.product.over[0]] * code.width * 4;
    const each = (body: (slot: CodeNode, column: CodeNode) => void) =>
      forEach(l, { begin: group, end: groupEnd }, (panel) => {
        const slot = timesConstant(l, l.do('isub', panel, l.graph.get(group)), bytes);
        body(slot, timesConstant(l, l.do('isub', panel, before), this.whole.width));
      });
    each((slot, column) => code.pack(slot, new Map([...batch, [contraction.column, column]])));
    const rows = this.extents[contraction.row];
    const whole = rows - (rows % code.tile.rows);
    this.inRows(code, 0, whole, code.tile.rows, batch, each);
    this.inRows(code, whole, rows, rows - whole, batch, each);
  }

  private inRows(
    code: PanelCode,
    begin: number,
    end: number,
    count: number,
    batch: LoopCounters,
    each: (body: (slot: CodeNode, column: CodeNode) => void) => void,
  ): void {
    if (begin === end) return;
    const { lanes: l, contraction } = this.env;
    forEach(l, { begin: 0, end: (end - begin) / count }, (step) => {
      const row = addConstant(l, timesConstant(l, step, count), begin);
      each((slot, column) =>
        code.tileCode(slot, count, new Map([...batch, [contraction.row, row], [contraction.column, column]])),
      );
    });
  }
}
