import type { Expression, Stage } from '../../../kernels/ir.ts';
import { stageResults } from '../../../kernels/walk.ts';

/** The stage that makes a named value. */
export type Definition = (name: string) => Stage | undefined;

export function definitionsOf(stages: readonly Stage[]): Definition {
  const byName = new Map(
    stages.flatMap((stage) => stageResults(stage).map(({ name }) => [name, stage] as const)),
  );
  return (name) => byName.get(name);
}

/** Whether an expression is some a less the greatest of all a, as in every softmax that is stable. */
export function isAtMostZero(given: Expression, definition: Definition): boolean {
  const expression = resolved(given, definition);
  if (expression.kind !== 'binary' || expression.op !== 'sub' || expression.right.kind !== 'value')
    return false;
  const fold = definition(expression.right.name);
  if (fold?.kind !== 'reduce' || fold.combine.kind !== 'max') return false;
  const [one, all] = [expression.left, fold.values[0]].map((side) => resolved(side, definition));
  return JSON.stringify(one) === JSON.stringify(all);
}

/** What a name stands for, where it is a map's. */
function resolved(expression: Expression, definition: Definition): Expression {
  if (expression.kind !== 'value') return expression;
  const stage = definition(expression.name);
  return stage?.kind === 'map' ? resolved(stage.value, definition) : expression;
}
