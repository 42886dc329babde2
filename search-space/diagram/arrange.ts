import type { ConstraintExpression } from '../constraint.ts';
import type { Analysis } from './analysis.ts';
import type { DecisionOrder } from './decision-order.ts';

/**
 * Regroups sums, products, min, max, and, or so that what is known first is joined first: with a, b, c
 * decided in this order, c * 4 * a * b becomes ((4 * a) * b) * c, and 4 * a * b is one number to remember.
 */
export function arrange(
  expression: ConstraintExpression,
  order: DecisionOrder,
  analysis: Analysis,
  isCompared = false,
): ConstraintExpression {
  const chain = analysis.chainOf(expression, isCompared);
  const inner = (part: ConstraintExpression) =>
    arrange(part, order, analysis, analysis.comparesPart(expression, part, isCompared));
  if (chain === undefined) return analysis.unique(withParts(expression, inner));
  const level = (part: ConstraintExpression) => order.lastLevel(part);
  const id = (part: ConstraintExpression) => analysis.facts(part).id;
  const operands = chain.map(inner).sort((a, b) => level(a) - level(b) || id(a) - id(b));
  return operands.reduce((left, right) => analysis.unique(joined(expression, left, right)));
}

function joined(
  chain: ConstraintExpression,
  left: ConstraintExpression,
  right: ConstraintExpression,
): ConstraintExpression {
  if (chain.kind === 'and' || chain.kind === 'or') return { kind: chain.kind, operands: [left, right] };
  if (chain.kind === 'call') return { ...chain, arguments: [left, right] };
  const op = chain.kind === 'binary' && chain.op === '*' ? '*' : '+';
  return { kind: 'binary', op, left, right };
}

function withParts(
  expression: ConstraintExpression,
  inner: (part: ConstraintExpression) => ConstraintExpression,
): ConstraintExpression {
  switch (expression.kind) {
    case 'constant':
    case 'name':
      return expression;
    case 'list':
      return { ...expression, items: expression.items.map(inner) };
    case 'unary':
      return { ...expression, operand: inner(expression.operand) };
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    case 'compare': {
      const rest = expression.rest.map(({ op, operand }) => ({ op, operand: inner(operand) }));
      return { ...expression, first: inner(expression.first), rest };
    }
    case 'and':
    case 'or':
      return { ...expression, operands: expression.operands.map(inner) };
    case 'call':
      return { ...expression, arguments: expression.arguments.map(inner) };
  }
}
