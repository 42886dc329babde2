import type { Expression, Stage } from './ir.ts';

/** The direct sub-expressions of an expression. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'load':
      return expression.when === undefined ? [] : [expression.when];
    case 'unary':
    case 'cast':
      return [expression.operand];
    case 'binary':
    case 'compare':
      return [expression.left, expression.right];
    case 'select':
      return [expression.condition, expression.then, expression.otherwise];
    default:
      return [];
  }
}

/** Visits an expression and everything in it, parents first. */
export function walk(expression: Expression, visit: (part: Expression) => void): void {
  visit(expression);
  for (const child of children(expression)) walk(child, visit);
}

/** The expressions that a stage evaluates at each of its points (a region's own are not among them). */
export function stageExpressions(stage: Stage): readonly Expression[] {
  switch (stage.kind) {
    case 'map':
      return [stage.value];
    case 'reduce':
      return stage.values;
    case 'contract':
      return [stage.left, stage.right];
    case 'store':
      return stage.when === undefined ? [stage.value] : [stage.value, stage.when];
  }
}

/** The loops of a stage, outermost first: its dimensions, then those it reduces over. */
export function stageLoops(stage: Stage): readonly string[] {
  return 'over' in stage ? [...stage.dims, ...stage.over] : stage.dims;
}

/** Names and dtypes of the values that a stage defines. */
export function stageResults(
  stage: Stage,
): readonly Readonly<{ name: string; dtype: Expression['dtype'] }>[] {
  switch (stage.kind) {
    case 'map':
      return [{ name: stage.name, dtype: stage.value.dtype }];
    case 'contract':
      return [{ name: stage.name, dtype: stage.dtype }];
    case 'reduce': {
      const { combine } = stage;
      const typed = combine.kind === 'region' ? combine.results : stage.values;
      return stage.names.map((name, n) => ({ name, dtype: typed[n].dtype }));
    }
    case 'store':
      return [];
  }
}
