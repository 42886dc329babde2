import { stageResults } from '../../../kernels/walk.ts';
import { type Definition, definitionsOf } from './bounds.ts';
import { evaluate, type Place } from './expression.ts';
import { type Accumulators, combine, finishFold, foldIn, resultsOf, startFold } from './fold.ts';
import type { Lanes } from './lanes.ts';
import { type Block, type Bound, elementsOf, forEach, inBlocks } from './loop.ts';
import { add, divide, load, type Position, type Region, store } from './memory-access.ts';
import type { Node } from './node.ts';
import type { Action, Fold, Nest, Plan } from './plan.ts';
import { laneType } from './storage.ts';

/** What a function's code stands on. */
export type Ground = Readonly<{
  lanes: Lanes;
  plan: Plan;
  regions: ReadonlyMap<string, Region>;
  /** Address of the row's kept values. */
  scratch: Node;
  block: Block;
  readable: Place['readable'];
}>;

type Index = ReadonlyMap<string, Node>;
type Vector = Readonly<{ dim: string; block: Block }>;

/** Code for the rows from `begin` to `end` (elements of the vectorized dimension where it is shared out). */
export function rowsCode(ground: Ground, begin: Bound, end: Bound): void {
  const { lanes: l, plan, block } = ground;
  const { vector } = plan;
  if (vector !== undefined && plan.rows.length === 0) {
    inBlocks(l, { begin, end }, block, (counter, kind) =>
      rowCode(ground, new Map([[vector, counter]]), { dim: vector, block: kind }),
    );
    return;
  }
  forEach(l, { begin, end }, (row) => {
    const index = decode(l, plan, row);
    if (vector === undefined) rowCode(ground, index, undefined);
    else {
      inBlocks(l, { begin: 0, end: plan.extents.get(vector)! }, block, (counter, kind) =>
        rowCode(ground, new Map([...index, [vector, counter]]), { dim: vector, block: kind }),
      );
    }
  });
}

/** The indices of a row's dimensions from its number. */
function decode(l: Lanes, plan: Plan, row: Node): Index {
  const index = new Map<string, Node>();
  let rest = row;
  for (const name of plan.rows.toReversed()) {
    const extent = plan.extents.get(name)!;
    if (index.size === plan.rows.length - 1) index.set(name, rest);
    else {
      index.set(name, divide(l, 'rem_u', rest, extent));
      rest = divide(l, 'div_u', rest, extent);
    }
  }
  return index;
}

/** The nests of one row, or of one block of rows. */
function rowCode(ground: Ground, index: Index, vector: Vector | undefined): void {
  new RowCode(ground, vector).nests(index);
}

class RowCode {
  /** Finished folds: a node for each register where rows are vectorized, else one. */
  private readonly results = new Map<string, readonly Node[]>();
  private readonly ready = new Set<string>();
  private readonly definition: Definition;

  constructor(
    private readonly ground: Ground,
    private readonly outer: Vector | undefined,
  ) {
    this.definition = definitionsOf(ground.plan.kernel.stages);
  }

  nests(index: Index): void {
    for (const nest of this.ground.plan.nests) {
      if (this.outer !== undefined || !nest.dims.includes(nest.vector)) this.loops(nest.dims, index, nest);
      else this.vectorInside(nest, index);
      for (const action of nest.actions) this.finished(action);
    }
  }

  /** From here on, later nests read the action's kept values from scratch. */
  private finished(action: Action): void {
    for (const { name } of stageResults(action)) if (this.ground.plan.kept.has(name)) this.ready.add(name);
  }

  /** The vectorized dimension is one of the nest's own: its blocks lie around the folds. */
  private vectorInside(nest: Nest, index: Index): void {
    const others = nest.dims.filter((name) => name !== nest.vector);
    this.walk(others, index, (inner) =>
      inBlocks(this.lanes, this.whole(nest.vector), this.ground.block, (counter, block) =>
        this.folds(nest, new Map([...inner, [nest.vector, counter]]), { dim: nest.vector, block }),
      ),
    );
  }

  private loops(dims: readonly string[], index: Index, nest: Nest): void {
    this.walk(dims, index, (inner) => {
      if (this.outer === undefined && nest.over.includes(nest.vector)) this.foldAlong(nest, inner);
      else this.folds(nest, inner, this.outer);
    });
  }

  /** Folds whose lanes are different results: each register accumulates for itself. */
  private folds(nest: Nest, index: Index, vector: Vector | undefined): void {
    const registers = vector?.block.registers ?? 1;
    const wide = vector?.block.wide ?? false;
    const folds = nest.actions.filter((action) => 'over' in action);
    const accumulators = folds.map((fold) => startFold(this.lanes, fold, registers, wide));
    this.walk(nest.over, index, (inner) => this.body(nest, folds, accumulators, inner, vector));
    folds.forEach((fold, n) => {
      const { graph } = this.lanes;
      const results = accumulators[n].map((set) =>
        resultsOf(
          this.lanes,
          fold,
          set.map((variable) => graph.get(variable)),
        ),
      );
      stageResults(fold).forEach(({ name }, component) => {
        this.result(
          name,
          results.map((components) => components[component]),
          index,
          vector,
        );
      });
    });
  }

  /** Folds along the vectorized dimension: registers and lanes are partial results of one. */
  private foldAlong(nest: Nest, index: Index): void {
    const { lanes: l, block } = this.ground;
    const folds = nest.actions.filter((action) => 'over' in action);
    const others = nest.over.filter((name) => name !== nest.vector);
    const hasTail = block.wide && this.ground.plan.extents.get(nest.vector)! % 4 !== 0;
    const main = folds.map((fold) => startFold(l, fold, block.registers, block.wide));
    const tail = hasTail ? folds.map((fold) => startFold(l, fold, 1, false)) : main;
    this.walk(others, index, (inner) =>
      inBlocks(l, this.whole(nest.vector), block, (counter, kind) => {
        const accumulators = kind.wide === block.wide ? main : tail;
        const used = accumulators.map((sets) => sets.slice(0, kind.registers));
        const at = new Map([...inner, [nest.vector, counter]]);
        this.body(nest, folds, used, at, { dim: nest.vector, block: kind });
      }),
    );
    const place = this.place(index, undefined, 0);
    folds.forEach((fold, n) => {
      const parts = finishFold(fold, main[n], place);
      const total = hasTail ? combine(fold, parts, finishFold(fold, tail[n], place), place) : parts;
      const results = resultsOf(l, fold, total);
      stageResults(fold).forEach(({ name }, component) => {
        this.result(name, [results[component]], index, undefined);
      });
    });
  }

  /** One point of all loops: every register's loads, then computations, then what is set or stored. */
  private body(
    nest: Nest,
    folds: readonly Fold[],
    accumulators: readonly Accumulators[],
    index: Index,
    vector: Vector | undefined,
  ): void {
    const registers = vector?.block.registers ?? 1;
    const places = Array.from({ length: registers }, (_, n) => this.place(index, vector, n));
    const effects = places.flatMap((place, n) =>
      nest.actions.map((action) => {
        if (!('over' in action)) return this.effectOf(action, place);
        const variables = accumulators[folds.indexOf(action)][n];
        const values = foldIn(action, variables, place);
        return () => this.lanes.graph.set(variables, values);
      }),
    );
    for (const effect of effects) effect();
  }

  private effectOf(action: Exclude<Action, Fold>, place: Place): () => void {
    if (action.kind === 'map') {
      const value = place.value(action.name);
      const { at } = this.ground.plan.kept.get(action.name)!;
      const region = this.keptRegion(action.name, place.position);
      return () => store(this.lanes, region, at, place.position, value);
    }
    const value = evaluate(action.value, place);
    const when = action.when === undefined ? undefined : evaluate(action.when, place);
    const region = this.ground.regions.get(action.operand)!;
    return () => store(this.lanes, region, action.at, place.position, value, when);
  }

  /** A finished fold is at hand in this row, or kept in scratch where it has inner dimensions. */
  private result(name: string, nodes: readonly Node[], index: Index, vector: Vector | undefined): void {
    const kept = this.ground.plan.kept.get(name);
    if (kept === undefined) {
      this.results.set(name, nodes);
      return;
    }
    nodes.forEach((node, n) => {
      const { position } = this.place(index, vector, n);
      store(this.lanes, this.keptRegion(name, position), kept.at, position, node);
    });
  }

  private place(index: Index, vector: Vector | undefined, register: number): Place {
    const { lanes, plan, regions, readable } = this.ground;
    const position: Position =
      vector === undefined
        ? { index }
        : {
            index,
            vector: {
              dim: vector.dim,
              wide: vector.block.wide,
              ahead: register * elementsOf({ registers: 1, wide: vector.block.wide }),
            },
          };
    const memo = new Map<string, Node>();
    const find = (name: string): Node => {
      const results = this.results.get(name);
      if (results !== undefined) return results[results.length === 1 ? 0 : register];
      if (this.ready.has(name)) return this.loadKept(name, position);
      return evaluate(plan.maps.get(name)!.value, place);
    };
    const place: Place = {
      lanes,
      position,
      readable,
      definition: this.definition,
      region: (operand) => regions.get(operand)!,
      value: (name) => {
        const node = memo.get(name) ?? find(name);
        memo.set(name, node);
        return node;
      },
    };
    return place;
  }

  private loadKept(name: string, position: Position): Node {
    const { at } = this.ground.plan.kept.get(name)!;
    return load(this.lanes, this.keptRegion(name, position), at, position);
  }

  /** Kept values of vectorized rows lie beside each other from the block's first row on. */
  private keptRegion(name: string, { index }: Position): Region {
    const { lanes: l, plan, scratch } = this.ground;
    const base = add(l, scratch, plan.kept.get(name)!.offset);
    const start = this.outer === undefined ? undefined : index.get(this.outer.dim);
    const shifted = start === undefined ? base : l.do('isub', base, l.shift('shl', start, 2));
    return { name, dtype: this.dtypeOf(name), base: shifted, constant: false };
  }

  private dtypeOf(name: string): 'f32' | 'i32' {
    const result = this.ground.plan.kernel.stages.flatMap(stageResults).find((value) => value.name === name)!;
    return laneType(result.dtype) === 'f32' ? 'f32' : 'i32';
  }

  private walk(dims: readonly string[], index: Index, body: (index: Index) => void): void {
    const [first, ...rest] = dims;
    if (first === undefined) body(index);
    else {
      forEach(this.lanes, this.whole(first), (counter) =>
        this.walk(rest, new Map([...index, [first, counter]]), body),
      );
    }
  }

  private whole(dim: string): { begin: number; end: number } {
    return { begin: 0, end: this.ground.plan.extents.get(dim)! };
  }

  private get lanes(): Lanes {
    return this.ground.lanes;
  }
}
