import type { DType, Expression, Kernel, Stage } from '../../../kernels/ir.ts';
import { children, stageExpressions, stageResults, walk } from '../../../kernels/walk.ts';
import { expansionOf } from './expansions.ts';

/** A stage, and the number of reductions in sequence that must be complete before it. */
export type LevelledStage = Readonly<{
  stage: Stage;
  level: number;
  reads: readonly string[];
  results: readonly Readonly<{ name: string; dtype: DType }>[];
}>;

/** Up to this many operations are cheaper to repeat in each pass than to store and load. */
const CHEAP_OPERATIONS = 4;

/**
 * The kernel with cheap map stages inlined: those that a compiler would rather compute again than keep in
 * memory, a few simple operations on loads.
 */
export function inlineCheapMaps(kernel: Kernel): Kernel {
  const inlined = new Map<string, Expression>();
  const stages: Stage[] = [];
  for (const stage of kernel.stages) {
    const rewritten = rewriteStage(stage, inlined);
    if (rewritten.kind === 'map' && cost(rewritten.value) <= CHEAP_OPERATIONS) {
      inlined.set(rewritten.name, rewritten.value);
    } else {
      stages.push(rewritten);
    }
  }
  return { ...kernel, stages };
}

function cost(expression: Expression): number {
  let total = 0;
  walk(expression, (part) => {
    const { free, chain, called } = expansionOf(part);
    total += called ? Number.POSITIVE_INFINITY : free.length + chain.length;
  });
  return total;
}

function rewriteStage(stage: Stage, inlined: ReadonlyMap<string, Expression>): Stage {
  const rewrite = (expression: Expression) => substitute(expression, inlined);
  switch (stage.kind) {
    case 'map':
      return { ...stage, value: rewrite(stage.value) };
    case 'reduce':
      return { ...stage, values: stage.values.map(rewrite) };
    case 'contract':
      return { ...stage, left: rewrite(stage.left), right: rewrite(stage.right) };
    case 'store': {
      const { when, ...rest } = stage;
      const value = rewrite(stage.value);
      return when === undefined ? { ...rest, value } : { ...rest, value, when: rewrite(when) };
    }
  }
}

function substitute(expression: Expression, inlined: ReadonlyMap<string, Expression>): Expression {
  const rewrite = (part: Expression) => substitute(part, inlined);
  switch (expression.kind) {
    case 'value':
      return inlined.get(expression.name) ?? expression;
    case 'unary':
    case 'cast':
      return { ...expression, operand: rewrite(expression.operand) };
    case 'binary':
    case 'compare':
      return { ...expression, left: rewrite(expression.left), right: rewrite(expression.right) };
    case 'select':
      return {
        ...expression,
        condition: rewrite(expression.condition),
        // biome-ignore lint/suspicious/noThenProperty: the IR's word; nobody awaits an expression
        then: rewrite(expression.then),
        otherwise: rewrite(expression.otherwise),
      };
    case 'load':
      return expression.when === undefined ? expression : { ...expression, when: rewrite(expression.when) };
    default:
      return expression;
  }
}

/** The stages with their levels: a reduction's result is complete one level later, a map's value on its own level. */
export function stageLevels(kernel: Kernel): LevelledStage[] {
  const available = new Map<string, number>();
  return kernel.stages.map((stage) => {
    const reads = [...new Set(stageExpressions(stage).flatMap(valuesIn))];
    const level = Math.max(0, ...reads.map((name) => available.get(name) ?? 0));
    const results = stageResults(stage);
    const reduces = stage.kind === 'reduce' || stage.kind === 'contract';
    for (const { name } of results) available.set(name, level + (reduces ? 1 : 0));
    return { stage, level, reads, results };
  });
}

function valuesIn(expression: Expression): string[] {
  const own = expression.kind === 'value' ? [expression.name] : [];
  return [...own, ...children(expression).flatMap(valuesIn)];
}
