import type { CompareOperator, ConstraintExpression } from '../constraint.ts';
import type { Analysis } from './analysis.ts';

/**
 * How an expression's value moves when one parameter grows and all others stay: it never falls ('up'),
 * never rises ('down'), does not move ('flat'), or nothing is known.
 */
export type Monotonicity = 'up' | 'down' | 'flat' | 'unknown';

/** The trend of an expression in the parameter at a place. A comparison counts as 0 or 1. */
export function monotonicityOf(
  expression: ConstraintExpression,
  place: number,
  analysis: Analysis,
): Monotonicity {
  const { variables, numeric, safe } = analysis.facts(expression);
  if (!variables.includes(place)) return 'flat';
  if (!numeric || !safe) return 'unknown';
  const inner = (part: ConstraintExpression) => monotonicityOf(part, place, analysis);
  switch (expression.kind) {
    case 'name':
      return 'up';
    case 'unary':
      return ofUnary(expression, inner, analysis);
    case 'binary':
      return ofBinary(expression, inner, analysis);
    case 'compare':
      return ofComparison(expression, inner, analysis);
    case 'and':
    case 'or':
      return expression.operands.every((part) => analysis.isTruth(part))
        ? joint(expression.operands.map(inner))
        : 'unknown';
    case 'call':
      return expression.name === 'abs' ? 'unknown' : joint(expression.arguments.map(inner));
    default:
      return 'unknown';
  }
}

type Inner = (part: ConstraintExpression) => Monotonicity;

function ofUnary(
  { op, operand }: Extract<ConstraintExpression, { kind: 'unary' }>,
  inner: Inner,
  analysis: Analysis,
): Monotonicity {
  if (op === '+') return inner(operand);
  return op === '-' || analysis.isTruth(operand) ? opposite(inner(operand)) : 'unknown';
}

function ofBinary(
  { op, left, right }: Extract<ConstraintExpression, { kind: 'binary' }>,
  inner: Inner,
  analysis: Analysis,
): Monotonicity {
  const first = analysis.facts(left);
  const second = analysis.facts(right);
  switch (op) {
    case '+':
      return joint([inner(left), inner(right)]);
    case '-':
      return joint([inner(left), opposite(inner(right))]);
    case '*':
      return first.low >= 0 && second.low >= 0 ? joint([inner(left), inner(right)]) : 'unknown';
    case '/':
      return first.low >= 0 && second.low > 0 ? joint([inner(left), opposite(inner(right))]) : 'unknown';
    case '//':
      return first.whole && second.whole && first.low >= 0 && second.low > 0
        ? joint([inner(left), opposite(inner(right))])
        : 'unknown';
    case '**':
      return first.whole && second.whole && first.low >= 1 && second.low >= 0
        ? joint([inner(left), inner(right)])
        : 'unknown';
    case '%':
      return 'unknown';
  }
}

const rising: Partial<Record<CompareOperator, (difference: Monotonicity) => Monotonicity>> = {
  '>': (difference) => difference,
  '>=': (difference) => difference,
  '<': opposite,
  '<=': opposite,
};

function ofComparison(
  { first, rest }: Extract<ConstraintExpression, { kind: 'compare' }>,
  inner: Inner,
  analysis: Analysis,
): Monotonicity {
  const [{ op, operand }] = rest;
  if (rest.length > 1 || operand.kind === 'list') return 'unknown';
  if (!analysis.facts(first).numeric || !analysis.facts(operand).numeric) return 'unknown';
  return rising[op]?.(joint([inner(first), opposite(inner(operand))])) ?? 'unknown';
}

function opposite(trend: Monotonicity): Monotonicity {
  return trend === 'up' ? 'down' : trend === 'down' ? 'up' : trend;
}

/** The trend of something that moves with each of its parts. */
function joint(trends: readonly Monotonicity[]): Monotonicity {
  const moving = [...new Set(trends.filter((trend) => trend !== 'flat'))];
  if (moving.length === 0) return 'flat';
  return moving.length === 1 ? moving[0] : 'unknown';
}
