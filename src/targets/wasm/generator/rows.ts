import { required } from '../../../kernels/lookup.ts';
import { stageResults } from '../../../kernels/walk.ts';
import { type Definition, definitionsOf } from './bounds.ts';
import type { CodeNode } from './code-node.ts';
import { type EmitContext, emitExpression } from './expression.ts';
import type { Lanes } from './lanes.ts';
import { blockElements, forEach, inBlocks, type LoopBound, type RegisterBlock } from './loop.ts';
import type { LoopPlan, NestAction, ReductionStage, RowNest } from './loop-plan.ts';
import {
  addConstant,
  emitLoad,
  emitStore,
  type LoopCounters,
  type MemoryRegion,
  type Position,
} from './memory-access.ts';
import {
  type Accumulators,
  accumulate,
  combinePartials,
  finishReduction,
  reductionResults,
  startReduction,
} from './reduction-code.ts';
import { laneType } from './storage.ts';
import { unflatten } from './unflatten.ts';

/** What the code of a function over rows is generated from. */
type RowEnvironment = Readonly<{
  lanes: Lanes;
  plan: LoopPlan;
  regions: ReadonlyMap<string, MemoryRegion>;
  /** Address of the row's kept values. */
  scratch: CodeNode;
  block: RegisterBlock;
  readable: EmitContext['readable'];
}>;

type Vector = Readonly<{ dim: string; block: RegisterBlock }>;

/** Code for the rows from `begin` to `end` (elements of the vectorized dimension where threads share that). */
export function rowsCode(env: RowEnvironment, begin: LoopBound, end: LoopBound): void {
  const { lanes: l, plan, block } = env;
  const { vector } = plan;
  if (vector !== undefined && plan.rows.length === 0) {
    inBlocks(l, { begin, end }, block, (counter, kind) =>
      rowCode(env, new Map([[vector, counter]]), { dim: vector, block: kind }),
    );
    return;
  }
  forEach(l, { begin, end }, (row) => {
    const index = unflatten(l, plan.rows, plan.extents, row);
    if (vector === undefined) rowCode(env, index, undefined);
    else {
      inBlocks(l, { begin: 0, end: required(plan.extents, vector) }, block, (counter, kind) =>
        rowCode(env, new Map([...index, [vector, counter]]), { dim: vector, block: kind }),
      );
    }
  });
}

/** The nests of one row, or of one block of rows. */
function rowCode(env: RowEnvironment, index: LoopCounters, vector: Vector | undefined): void {
  new RowCode(env, vector).nests(index);
}

class RowCode {
  /** Results of finished reductions: a node for each register where rows are vectorized, else one. */
  private readonly results = new Map<string, readonly CodeNode[]>();
  private readonly ready = new Set<string>();
  private readonly definition: Definition;

  constructor(
    private readonly env: RowEnvironment,
    private readonly outer: Vector | undefined,
  ) {
    this.definition = definitionsOf(env.plan.kernel.stages);
  }

  nests(index: LoopCounters): void {
    for (const nest of this.env.plan.nests) {
      if (this.outer !== undefined || !nest.dims.includes(nest.vector)) this.loops(nest.dims, index, nest);
      else this.vectorInside(nest, index);
      for (const action of nest.actions) this.finished(action);
    }
  }

  /** Notes that later nests read the action's kept values from scratch. */
  private finished(action: NestAction): void {
    for (const { name } of stageResults(action)) if (this.env.plan.kept.has(name)) this.ready.add(name);
  }

  /** A nest whose results have the vectorized dimension: the loop over its blocks is around the reductions. */
  private vectorInside(nest: RowNest, index: LoopCounters): void {
    const others = nest.dims.filter((name) => name !== nest.vector);
    this.walk(others, index, (inner) =>
      inBlocks(this.lanes, this.whole(nest.vector), this.env.block, (counter, block) =>
        this.reduceAcross(nest, new Map([...inner, [nest.vector, counter]]), { dim: nest.vector, block }),
      ),
    );
  }

  private loops(dims: readonly string[], index: LoopCounters, nest: RowNest): void {
    this.walk(dims, index, (inner) => {
      if (this.outer === undefined && nest.over.includes(nest.vector)) this.reduceAlong(nest, inner);
      else this.reduceAcross(nest, inner, this.outer);
    });
  }

  /** Reductions whose lanes are different results: each register accumulates its own. */
  private reduceAcross(nest: RowNest, index: LoopCounters, vector: Vector | undefined): void {
    const registers = vector?.block.registers ?? 1;
    const wide = vector?.block.wide ?? false;
    const reductions = nest.actions.filter((action) => 'over' in action);
    const accumulators = reductions.map((reduction) =>
      startReduction(this.lanes, reduction, registers, wide),
    );
    this.walk(nest.over, index, (inner) => this.body(nest, reductions, accumulators, inner, vector));
    reductions.forEach((reduction, n) => {
      const { graph } = this.lanes;
      const results = accumulators[n].map((set) =>
        reductionResults(
          this.lanes,
          reduction,
          set.map((variable) => graph.get(variable)),
        ),
      );
      stageResults(reduction).forEach(({ name }, component) => {
        this.result(
          name,
          results.map((components) => components[component]),
          index,
          vector,
        );
      });
    });
  }

  /** Reductions along the vectorized dimension: registers and lanes are partial results of one. */
  private reduceAlong(nest: RowNest, index: LoopCounters): void {
    const { lanes: l, block } = this.env;
    const reductions = nest.actions.filter((action) => 'over' in action);
    const others = nest.over.filter((name) => name !== nest.vector);
    const hasTail = block.wide && required(this.env.plan.extents, nest.vector) % 4 !== 0;
    const main = reductions.map((reduction) => startReduction(l, reduction, block.registers, block.wide));
    const tail = hasTail ? reductions.map((reduction) => startReduction(l, reduction, 1, false)) : main;
    this.walk(others, index, (inner) =>
      inBlocks(l, this.whole(nest.vector), block, (counter, kind) => {
        const accumulators = kind.wide === block.wide ? main : tail;
        const used = accumulators.map((sets) => sets.slice(0, kind.registers));
        const at = new Map([...inner, [nest.vector, counter]]);
        this.body(nest, reductions, used, at, { dim: nest.vector, block: kind });
      }),
    );
    const context = this.context(index, undefined, 0);
    reductions.forEach((reduction, n) => {
      const parts = finishReduction(reduction, main[n], context);
      const total = hasTail
        ? combinePartials(reduction, parts, finishReduction(reduction, tail[n], context), context)
        : parts;
      const results = reductionResults(l, reduction, total);
      stageResults(reduction).forEach(({ name }, component) => {
        this.result(name, [results[component]], index, undefined);
      });
    });
  }

  /** The innermost body: the values of all registers first, then everything that is set or stored. */
  private body(
    nest: RowNest,
    reductions: readonly ReductionStage[],
    accumulators: readonly Accumulators[],
    index: LoopCounters,
    vector: Vector | undefined,
  ): void {
    const registers = vector?.block.registers ?? 1;
    const contexts = Array.from({ length: registers }, (_, n) => this.context(index, vector, n));
    const effects = contexts.flatMap((context, n) =>
      nest.actions.map((action) => {
        if (!('over' in action)) return this.effectOf(action, context);
        const variables = accumulators[reductions.indexOf(action)][n];
        const values = accumulate(action, variables, context);
        return () => this.lanes.graph.set(variables, values);
      }),
    );
    for (const effect of effects) effect();
  }

  private effectOf(action: Exclude<NestAction, ReductionStage>, context: EmitContext): () => void {
    if (action.kind === 'map') {
      const value = context.value(action.name);
      const { at } = required(this.env.plan.kept, action.name);
      const region = this.keptRegion(action.name, context.position);
      return () => emitStore(this.lanes, region, at, context.position, value);
    }
    const value = emitExpression(action.value, context);
    const when = action.when === undefined ? undefined : emitExpression(action.when, context);
    const region = required(this.env.regions, action.operand);
    return () => emitStore(this.lanes, region, action.at, context.position, value, when);
  }

  /** A finished reduction's result stays in a local, or goes to scratch where it has inner dimensions. */
  private result(
    name: string,
    nodes: readonly CodeNode[],
    index: LoopCounters,
    vector: Vector | undefined,
  ): void {
    const kept = this.env.plan.kept.get(name);
    if (kept === undefined) {
      this.results.set(name, nodes);
      return;
    }
    nodes.forEach((node, n) => {
      const { position } = this.context(index, vector, n);
      emitStore(this.lanes, this.keptRegion(name, position), kept.at, position, node);
    });
  }

  private context(index: LoopCounters, vector: Vector | undefined, register: number): EmitContext {
    const { lanes, plan, regions, readable } = this.env;
    const position: Position =
      vector === undefined
        ? { index }
        : {
            index,
            vector: {
              dim: vector.dim,
              wide: vector.block.wide,
              ahead: register * blockElements({ registers: 1, wide: vector.block.wide }),
            },
          };
    const memo = new Map<string, CodeNode>();
    const find = (name: string): CodeNode => {
      const results = this.results.get(name);
      if (results !== undefined) return results[results.length === 1 ? 0 : register];
      if (this.ready.has(name)) return this.loadKept(name, position);
      return emitExpression(required(plan.maps, name).value, context);
    };
    const context: EmitContext = {
      lanes,
      position,
      readable,
      definition: this.definition,
      region: (operand) => required(regions, operand),
      value: (name) => {
        const node = memo.get(name) ?? find(name);
        memo.set(name, node);
        return node;
      },
    };
    return context;
  }

  private loadKept(name: string, position: Position): CodeNode {
    const { at } = required(this.env.plan.kept, name);
    return emitLoad(this.lanes, this.keptRegion(name, position), at, position);
  }

  /** The scratch of a kept value. Values of vectorized rows are beside each other, from the block's first row on. */
  private keptRegion(name: string, { index }: Position): MemoryRegion {
    const { lanes: l, plan, scratch } = this.env;
    const base = addConstant(l, scratch, required(plan.kept, name).offset);
    const start = this.outer === undefined ? undefined : index.get(this.outer.dim);
    const shifted = start === undefined ? base : l.do('isub', base, l.shift('shl', start, 2));
    return { name, dtype: this.dtypeOf(name), base: shifted, constant: false };
  }

  private dtypeOf(name: string): 'f32' | 'i32' {
    const result = this.env.plan.kernel.stages.flatMap(stageResults).find((value) => value.name === name);
    if (result === undefined) throw new RangeError(`no stage computes '${name}'`);
    return laneType(result.dtype) === 'f32' ? 'f32' : 'i32';
  }

  private walk(dims: readonly string[], index: LoopCounters, body: (index: LoopCounters) => void): void {
    const [first, ...rest] = dims;
    if (first === undefined) body(index);
    else {
      forEach(this.lanes, this.whole(first), (counter) =>
        this.walk(rest, new Map([...index, [first, counter]]), body),
      );
    }
  }

  private whole(dim: string): { begin: number; end: number } {
    return { begin: 0, end: required(this.env.plan.extents, dim) };
  }

  private get lanes(): Lanes {
    return this.env.lanes;
  }
}
