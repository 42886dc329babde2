import type { Stage } from '../kernels/ir.ts';
import { required } from '../kernels/lookup.ts';
import { stageResults } from '../kernels/walk.ts';
import { type Definition, definitionsOf } from '../lowering/expressions/bounds.ts';
import { expand } from '../lowering/expressions/expand.ts';
import { combinePartials, reductionResults } from '../lowering/expressions/reduce.ts';
import { type LoopNest, type MapStage, ownLoops, type ReductionStage } from '../lowering/lowered-kernel.ts';
import { mapsOf } from '../lowering/maps.ts';
import type { CodeNode } from './code-node.ts';
import { type EmitContext, emitContext } from './emit-context.ts';
import { KeptValues } from './kept-values.ts';
import type { Lanes } from './lanes.ts';
import { forEach, inBlocks, type LoopBound } from './loop.ts';
import { emitStore, type LoopCounters } from './memory-access.ts';
import { type Accumulators, accumulate, finishReduction, startReduction } from './reduction-code.ts';
import { type Beside, positionOf, type RowEnvironment, resultNames, type Vector } from './row-environment.ts';

/** The nests of one row, or of one block of rows. */
export class RowCode {
  /** Results of finished reductions: a node for each register where rows are vectorized, else one. */
  private readonly results = new Map<string, readonly CodeNode[]>();
  private readonly ready = new Set<string>();
  private readonly definition: Definition;
  private readonly maps: ReadonlyMap<string, MapStage>;
  private readonly kept: KeptValues;
  /** What each block of the current nest computes, too. */
  private beside: Beside | undefined;

  constructor(
    private readonly env: RowEnvironment,
    private readonly outer: Vector | undefined,
  ) {
    const { kernel } = env.lowered;
    this.definition = definitionsOf(kernel.stages);
    this.maps = mapsOf(kernel.stages);
    this.kept = new KeptValues(env, outer?.dim);
  }

  nests(index: LoopCounters): void {
    for (const nest of this.env.lowered.nests) this.nest(nest, index);
  }

  /** The first nest alone. The results of its reductions, in order. */
  firstNest(index: LoopCounters): readonly CodeNode[] {
    const [first] = this.env.lowered.nests;
    this.nest(first, index);
    return this.resultsOf(first);
  }

  /**
   * The other nests, given the results of the first one; and beside the second one, the first nest of the next row,
   * whose results it returns. The order in which each row's values are accumulated is that of `nests`.
   */
  otherNests(index: LoopCounters, given: readonly CodeNode[], nextRow: LoopCounters): readonly CodeNode[] {
    const [first, second, ...rest] = this.env.lowered.nests;
    resultNames(first).forEach((name, n) => void this.results.set(name, [given[n]]));
    const next = new RowCode(this.env, undefined);
    const { reductions, main } = next.partialResults(first);
    this.beside = (counter, block) => {
      const at = new Map([...nextRow, [first.vector, counter]]);
      const used = main.map((sets) => sets.slice(0, block.registers));
      next.body(first.stages, reductions, used, at, { dim: first.vector, block });
    };
    this.nest(second, index);
    this.beside = undefined;
    next.whole(reductions, main, nextRow);
    for (const nest of rest) this.nest(nest, index);
    return next.resultsOf(first);
  }

  private nest(nest: LoopNest, index: LoopCounters): void {
    const dims = ownLoops(this.env.lowered, nest);
    if (this.outer !== undefined || !dims.includes(nest.vector)) this.loops(dims, index, nest);
    else this.vectorInside(dims, nest, index);
    for (const stage of nest.stages) this.finished(stage);
  }

  private resultsOf(nest: LoopNest): readonly CodeNode[] {
    return resultNames(nest).flatMap((name) => required(this.results, name));
  }

  /** Notes that later nests read the stage's kept values from scratch. */
  private finished(stage: Stage): void {
    for (const { name } of stageResults(stage)) if (this.kept.has(name)) this.ready.add(name);
  }

  /** A nest whose results have the vectorized dimension: the loop over its blocks is around the reductions. */
  private vectorInside(dims: readonly string[], nest: LoopNest, index: LoopCounters): void {
    const others = dims.filter((name) => name !== nest.vector);
    this.walk(others, index, (inner) =>
      inBlocks(
        this.lanes,
        this.range(nest.vector),
        this.env.block,
        (counter, block) => {
          this.reduceAcross(nest, new Map([...inner, [nest.vector, counter]]), { dim: nest.vector, block });
          this.beside?.(counter, block);
        },
        this.env.overlaps ? 'overlapping' : 'elements',
      ),
    );
  }

  private loops(dims: readonly string[], index: LoopCounters, nest: LoopNest): void {
    this.walk(dims, index, (inner) => {
      if (this.outer === undefined && nest.over.has(nest.vector)) this.reduceAlong(nest, inner);
      else this.reduceAcross(nest, inner, this.outer);
    });
  }

  /** Reductions whose lanes are different results: each register accumulates its own. */
  private reduceAcross(nest: LoopNest, index: LoopCounters, vector: Vector | undefined): void {
    const registers = vector?.block.registers ?? 1;
    const wide = vector?.block.wide ?? false;
    const reductions = nest.stages.filter((stage) => 'over' in stage);
    const accumulators = reductions.map((reduction) =>
      startReduction(this.lanes, reduction, registers, wide),
    );
    this.walk([...nest.over], index, (inner) =>
      this.body(nest.stages, reductions, accumulators, inner, vector),
    );
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
  private reduceAlong(nest: LoopNest, index: LoopCounters): void {
    const { lanes: l, block } = this.env;
    const { reductions, main } = this.partialResults(nest);
    const others = [...nest.over].filter((name) => name !== nest.vector);
    const { end } = this.range(nest.vector);
    const hasTail = block.wide && (typeof end !== 'number' || end % l.count !== 0);
    const tail = hasTail ? reductions.map((reduction) => startReduction(l, reduction, 1, false)) : undefined;
    const effects = nest.stages.filter((stage) => !('over' in stage));
    const computesAhead = this.env.overlaps && effects.length > 0 && typeof end === 'number';
    let isAhead = false;
    this.walk(others, index, (inner) =>
      inBlocks(
        l,
        this.range(nest.vector),
        block,
        (counter, kind) => {
          const at = new Map([...inner, [nest.vector, counter]]);
          const vector = { dim: nest.vector, block: kind };
          if (kind.overlaps) {
            this.body(effects, [], [], at, vector);
            for (const stage of effects) this.finished(stage);
            isAhead = true;
            return;
          }
          const accumulators = kind.wide === block.wide ? main : (tail ?? main);
          const used = accumulators.map((sets) => sets.slice(0, kind.registers));
          this.body(isAhead ? reductions : nest.stages, reductions, used, at, vector);
          this.beside?.(counter, kind);
        },
        computesAhead ? 'overlapping, then elements' : 'elements',
      ),
    );
    this.whole(reductions, main, index, tail);
  }

  /** Accumulators for the reductions of a nest that lie along the vectorized dimension. */
  private partialResults(nest: LoopNest) {
    const { lanes, block } = this.env;
    const reductions = nest.stages.filter((stage) => 'over' in stage);
    const main = reductions.map((one) => startReduction(lanes, one, block.registers, block.wide));
    return { reductions, main };
  }

  /** The results of such reductions, from all partial ones. */
  private whole(
    reductions: readonly ReductionStage[],
    main: readonly Accumulators[],
    index: LoopCounters,
    tail?: readonly Accumulators[],
  ): void {
    const context = this.context(index, undefined, 0);
    reductions.forEach((reduction, n) => {
      const parts = finishReduction(reduction, main[n], context);
      const total =
        tail === undefined
          ? parts
          : combinePartials(reduction, parts, finishReduction(reduction, tail[n], context), context);
      const results = reductionResults(this.lanes, reduction, total);
      stageResults(reduction).forEach(({ name }, component) => {
        this.result(name, [results[component]], index, undefined);
      });
    });
  }

  /** The innermost body: the values of all registers first, then everything that is set or stored. */
  private body(
    stages: readonly Stage[],
    reductions: readonly ReductionStage[],
    accumulators: readonly Accumulators[],
    index: LoopCounters,
    vector: Vector | undefined,
  ): void {
    const registers = vector?.block.registers ?? 1;
    const contexts = Array.from({ length: registers }, (_, n) => this.context(index, vector, n));
    const effects = contexts.flatMap((context, n) =>
      stages.map((stage) => {
        if (!('over' in stage)) return this.effectOf(stage, context);
        const variables = accumulators[reductions.indexOf(stage)][n];
        const values = accumulate(stage, variables, context);
        return () => this.lanes.graph.set(variables, values);
      }),
    );
    for (const effect of effects) effect();
  }

  private effectOf(stage: Exclude<Stage, ReductionStage>, context: EmitContext): () => void {
    if (stage.kind === 'map') {
      const value = context.value(stage.name);
      const store = this.kept.storing(stage.name, context.position);
      return () => store(value);
    }
    const value = expand(stage.value, context);
    const when = stage.when === undefined ? undefined : expand(stage.when, context);
    const region = required(this.env.regions, stage.operand);
    const at = this.env.sizes.map(stage.at);
    return () => emitStore(this.lanes, region, at, context.position, value, when);
  }

  /** A finished reduction's result stays in a local, or goes to scratch where it has inner dimensions. */
  private result(
    name: string,
    nodes: readonly CodeNode[],
    index: LoopCounters,
    vector: Vector | undefined,
  ): void {
    if (!this.kept.has(name)) {
      this.results.set(name, nodes);
      return;
    }
    nodes.forEach((node, n) => {
      this.kept.storing(name, positionOf(this.lanes, index, vector, n))(node);
    });
  }

  private context(index: LoopCounters, vector: Vector | undefined, register: number): EmitContext {
    const { lanes, regions, readable, sizes } = this.env;
    const position = positionOf(lanes, index, vector, register);
    const memo = new Map<string, CodeNode>();
    const find = (name: string): CodeNode => {
      const results = this.results.get(name);
      if (results !== undefined) return results[results.length === 1 ? 0 : register];
      if (this.ready.has(name)) return this.kept.load(name, position);
      return expand(required(this.maps, name).value, context);
    };
    const context = emitContext({
      lanes,
      position,
      regions,
      readable,
      sizes,
      definition: this.definition,
      value: (name) => {
        const node = memo.get(name) ?? find(name);
        memo.set(name, node);
        return node;
      },
    });
    return context;
  }

  private walk(dims: readonly string[], index: LoopCounters, body: (index: LoopCounters) => void): void {
    const [first, ...rest] = dims;
    if (first === undefined) body(index);
    else {
      forEach(this.lanes, this.range(first), (counter) =>
        this.walk(rest, new Map([...index, [first, counter]]), body),
      );
    }
  }

  private range(dim: string): Readonly<{ begin: number; end: LoopBound }> {
    return { begin: 0, end: this.env.sizes.extent(dim) };
  }

  private get lanes(): Lanes {
    return this.env.lanes;
  }
}
