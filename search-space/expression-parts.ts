import type { ConstraintExpression } from './constraint.ts';

/** The direct subexpressions of an expression, in the order of evaluation. */
export function partsOf(expression: ConstraintExpression): readonly ConstraintExpression[] {
  switch (expression.kind) {
    case 'constant':
    case 'name':
      return [];
    case 'list':
      return expression.items;
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'compare':
      return [expression.first, ...expression.rest.map(({ operand }) => operand)];
    case 'and':
    case 'or':
      return expression.operands;
    case 'call':
      return expression.arguments;
  }
}

/** The parameters in an expression, each once, in the order of their first occurrence. */
export function namesIn(expression: ConstraintExpression): readonly string[] {
  const names = new Set<string>();
  const visit = (part: ConstraintExpression): void => {
    if (part.kind === 'name') names.add(part.name);
    else for (const inner of partsOf(part)) visit(inner);
  };
  visit(expression);
  return [...names];
}

/** How many parts an expression has, itself included. */
export function sizeOf(expression: ConstraintExpression): number {
  return partsOf(expression).reduce((sum, part) => sum + sizeOf(part), 1);
}
