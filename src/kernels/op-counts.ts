import { COMBINE } from './combine.ts';
import type { Combine, DType, Expression, Kernel, Stage } from './ir.ts';
import { dimensionExtents, pointsOver } from './lookup.ts';
import { opClass } from './op-class.ts';
import { BINARY_OPS } from './ops/binary.ts';
import { NO_OPS, type OpClass } from './ops/op-classes.ts';
import { children, stageExpressions, stageLoops, stageResults } from './walk.ts';

/** Operations of one class and dtype, executed at each point of `loops` (a prefix of the stage's loops). */
type Op = Readonly<{ class: OpClass; dtype: DType; loops: readonly string[]; count: number }>;

/** The operations of a stage: `loops` outermost first, `points` the product of their extents. */
type StageOps = Readonly<{
  stage: Stage;
  loops: readonly string[];
  points: number;
  ops: readonly Op[];
}>;

/**
 * The operations of each stage of a whole call. A sub-expression that does not depend on the inner loops
 * is counted as computed outside of them. Constants and values of earlier stages are free, a reduction
 * combines once for each point, and address arithmetic is not counted. The dtype of an op is that of its
 * operands (of its result for loads and casts).
 */
export function stageOps(kernel: Kernel): readonly StageOps[] {
  const extents = dimensionExtents(kernel);
  const valueDims = new Map<string, readonly string[]>();
  return kernel.stages.map((stage) => {
    const tally = new Tally(stageLoops(stage), extents, valueDims);
    for (const expression of stageExpressions(stage)) tally.add(expression);
    for (const [name, dtype] of ownOps(stage)) tally.count(name, dtype, tally.loops.length);
    for (const { name } of stageResults(stage)) valueDims.set(name, stage.dims);
    return { stage, loops: tally.loops, points: tally.points(tally.loops.length), ops: tally.ops() };
  });
}

/** Operations of a whole call by class. */
export type OpMix = Readonly<Record<OpClass, number>>;

export function opMix(kernel: Kernel): OpMix {
  const mix = { ...NO_OPS };
  for (const { ops } of stageOps(kernel)) for (const op of ops) mix[op.class] += op.count;
  return Object.freeze(mix);
}

class Tally {
  readonly loops: readonly string[];
  private readonly extents: ReadonlyMap<string, number>;
  private readonly valueDims: ReadonlyMap<string, readonly string[]>;
  private readonly counts = new Map<string, Op>();

  constructor(
    loops: readonly string[],
    extents: ReadonlyMap<string, number>,
    valueDims: ReadonlyMap<string, readonly string[]>,
  ) {
    this.loops = loops;
    this.extents = extents;
    this.valueDims = valueDims;
  }

  /** Counts an expression; returns how many of the stage's loops it must be inside. */
  add(expression: Expression): number {
    let depth = this.ownDepth(expression);
    for (const child of children(expression)) depth = Math.max(depth, this.add(child));
    const name = opClass(expression);
    if (name !== undefined) this.count(name, operandType(expression), depth);
    return depth;
  }

  count(name: OpClass, dtype: DType, depth: number): void {
    const key = `${name}:${dtype}:${depth}`;
    const before = this.counts.get(key)?.count ?? 0;
    const loops = this.loops.slice(0, depth);
    this.counts.set(key, { class: name, dtype, loops, count: before + this.points(depth) });
  }

  points(depth: number): number {
    return pointsOver(this.extents, this.loops.slice(0, depth));
  }

  ops(): readonly Op[] {
    return [...this.counts.values()];
  }

  private ownDepth(expression: Expression): number {
    if (expression.kind === 'load' || expression.kind === 'index') {
      return this.depthOf(Object.keys(expression.at.strides));
    }
    return expression.kind === 'value' ? this.depthOf(this.valueDims.get(expression.name) ?? []) : 0;
  }

  private depthOf(dims: readonly string[]): number {
    return dims.reduce((depth, name) => Math.max(depth, this.loops.indexOf(name) + 1), 0);
  }
}

/** What a stage does at each of its points besides evaluating its expressions. */
function ownOps(stage: Stage): readonly (readonly [OpClass, DType])[] {
  switch (stage.kind) {
    case 'map':
      return [];
    case 'store':
      return [['store', stage.value.dtype]];
    case 'contract':
      return [['fma', stage.dtype]];
    case 'reduce':
      return stage.combine.kind === 'region'
        ? regionOps(stage.combine)
        : [[BINARY_OPS[COMBINE[stage.combine.kind].op].class, stage.values[0].dtype]];
  }
}

/** A region's operations, equal sub-expressions once. */
function regionOps(combine: Extract<Combine, { kind: 'region' }>): readonly (readonly [OpClass, DType])[] {
  const seen = new Map<string, readonly [OpClass, DType]>();
  const visit = (expression: Expression): void => {
    const key = JSON.stringify(expression);
    const name = opClass(expression);
    if (seen.has(key) || name === undefined) return;
    seen.set(key, [name, operandType(expression)]);
    for (const child of children(expression)) visit(child);
  };
  for (const result of combine.results) visit(result);
  return [...seen.values()];
}

function operandType(expression: Expression): DType {
  if (expression.kind === 'compare') return expression.left.dtype;
  return expression.kind === 'unary' ? expression.operand.dtype : expression.dtype;
}
