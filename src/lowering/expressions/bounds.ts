import type { Expression, Stage } from '../../kernels/ir.ts';
import { stageResults } from '../../kernels/walk.ts';

/** Finds the stage that computes a named value. */
export type Definition = (name: string) => Stage | undefined;

export function definitionsOf(stages: readonly Stage[]): Definition {
  const byName = new Map(
    stages.flatMap((stage) => stageResults(stage).map(({ name }) => [name, stage] as const)),
  );
  return (name) => byName.get(name);
}

/** Whether an expression is a value minus the maximum of all such values, as in a numerically stable softmax. */
export function isAtMostZero(given: Expression, definition: Definition): boolean {
  const expression = resolved(given, definition);
  if (expression.kind !== 'binary' || expression.op !== 'sub' || expression.right.kind !== 'value')
    return false;
  const fold = definition(expression.right.name);
  if (fold?.kind !== 'reduce' || fold.combine.kind !== 'max') return false;
  const [one, all] = [expression.left, fold.values[0]].map((side) => resolved(side, definition));
  return JSON.stringify(one) === JSON.stringify(all);
}

/** The expression that a name stands for, where a map defines it. */
function resolved(expression: Expression, definition: Definition): Expression {
  if (expression.kind !== 'value') return expression;
  const stage = definition(expression.name);
  return stage?.kind === 'map' ? resolved(stage.value, definition) : expression;
}
