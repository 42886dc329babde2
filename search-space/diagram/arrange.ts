import type { ConstraintExpression } from '../constraint.ts';
import type { Analysis } from './analysis.ts';

/**
 * Regroups sums, products, min, max, and, or so that what is known first is joined first: with a, b, c
 * given in this order, c * 4 * a * b becomes ((4 * a) * b) * c, and 4 * a * b is one number to
 * remember. The order of the parameters is given by `levelOf` (by place).
 */
export function arrange(
  expression: ConstraintExpression,
  levelOf: readonly number[],
  analysis: Analysis,
): ConstraintExpression {
  const { chain } = analysis.facts(expression);
  const inner = (part: ConstraintExpression) => arrange(part, levelOf, analysis);
  if (chain === undefined) return analysis.unique(withParts(expression, inner));
  const level = (part: ConstraintExpression) => lastLevel(part, levelOf, analysis);
  const id = (part: ConstraintExpression) => analysis.facts(part).id;
  const operands = chain.map(inner).sort((a, b) => level(a) - level(b) || id(a) - id(b));
  return operands.reduce((left, right) => analysis.unique(joined(expression, left, right)));
}

/** The level at which an expression's last parameter gets its value; −1 for a constant. */
export function lastLevel(
  expression: ConstraintExpression,
  levelOf: readonly number[],
  analysis: Analysis,
): number {
  let last = -1;
  for (const place of analysis.facts(expression).variables) last = Math.max(last, levelOf[place]);
  return last;
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
