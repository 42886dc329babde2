import type { ConstraintExpression } from './constraint.ts';
import { partsOf } from './diagram/analysis.ts';

/** The parameters an expression names, each once, in the order they first stand there. */
export function namesIn(expression: ConstraintExpression): readonly string[] {
  if (expression.kind === 'name') return [expression.name];
  return [...new Set(partsOf(expression).flatMap(namesIn))];
}
