import type { Expression, IndexMap, Stage } from './ir.ts';

type Change = (part: Expression) => Expression;

/** The expression with each of its direct sub-expressions replaced. */
export function mapChildren(expression: Expression, change: Change): Expression {
  switch (expression.kind) {
    case 'constant':
    case 'value':
    case 'index':
      return expression;
    case 'load':
      return expression.when === undefined ? expression : { ...expression, when: change(expression.when) };
    case 'unary':
    case 'cast':
      return { ...expression, operand: change(expression.operand) };
    case 'binary':
    case 'compare':
      return { ...expression, left: change(expression.left), right: change(expression.right) };
    case 'select':
      return {
        ...expression,
        condition: change(expression.condition),
        // biome-ignore lint/suspicious/noThenProperty: the IR's word; nobody awaits an expression
        then: change(expression.then),
        otherwise: change(expression.otherwise),
      };
  }
}

/** The stage with each of its expressions replaced. */
export function mapExpressions(stage: Stage, change: Change): Stage {
  switch (stage.kind) {
    case 'map':
      return { ...stage, value: change(stage.value) };
    case 'reduce':
      return { ...stage, values: stage.values.map(change) };
    case 'contract':
      return { ...stage, left: change(stage.left), right: change(stage.right) };
    case 'store': {
      const { when, ...rest } = stage;
      const value = change(stage.value);
      return when === undefined ? { ...rest, value } : { ...rest, value, when: change(when) };
    }
  }
}

/** The replacement of an index map; `operand` is absent where the map is an index used as a number. */
type ChangeIndex = (at: IndexMap, operand?: string) => IndexMap;

/** The stage with every index map in it replaced. */
export function mapIndices(stage: Stage, change: ChangeIndex): Stage {
  const rewrite = (part: Expression): Expression => {
    const inner = mapChildren(part, rewrite);
    if (inner.kind === 'index') return { ...inner, at: change(inner.at) };
    return inner.kind === 'load' ? { ...inner, at: change(inner.at, inner.operand) } : inner;
  };
  const mapped = mapExpressions(stage, rewrite);
  return mapped.kind === 'store' ? { ...mapped, at: change(mapped.at, mapped.operand) } : mapped;
}
