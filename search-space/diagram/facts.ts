import type { ConstraintExpression } from '../constraint.ts';
import type { PythonValue } from '../python-arithmetic.ts';
import { ANYTHING, compared, EITHER, type Interval } from './intervals.ts';

/** What is known of an expression before any parameter has a value. */
export type Facts = Interval &
  Readonly<{
    /** Number of the expression; equal expressions have one. */
    id: number;
    /** The parameters it needs, by place, ascending. */
    variables: readonly number[];
    /** Never a fraction. */
    integral: boolean;
    /** Never a fraction, and exact as a double. */
    whole: boolean;
    /** Never text. */
    numeric: boolean;
    /** Never FAILED. */
    safe: boolean;
    /** For a chain of +, *, min, max, and, or that may be regrouped freely: its operands. */
    chain?: readonly ConstraintExpression[];
    /**
     * For a sum or product of whole numbers from 0 that may grow beyond 2^53: its operands. However it is
     * grouped, it is exact up to there, and beyond it stays beyond: all the same to a comparison with less.
     */
    growing?: readonly ConstraintExpression[];
  }>;

/** Facts that follow from an expression's parts. */
export type Derived = Omit<Facts, 'id'>;

export function ranged(values: readonly PythonValue[], variables: readonly number[]): Derived {
  const numbers = values.filter((value) => typeof value === 'number');
  const numeric = numbers.length === values.length;
  const whole = numeric && numbers.every(Number.isSafeInteger);
  const integral = numeric && numbers.every(Number.isInteger);
  const interval = numeric ? rangeOf(numbers) : ANYTHING;
  return { ...interval, variables, integral, whole, numeric, safe: !numbers.some(Number.isNaN) };
}

/** Their least and greatest; there may be more of them than a call takes arguments. */
function rangeOf(numbers: readonly number[]): Interval {
  return numbers.reduce(
    ({ low, high }, number) => ({ low: Math.min(low, number), high: Math.max(high, number) }),
    { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY },
  );
}

export function hull(
  parts: readonly Facts[],
): Pick<Facts, 'low' | 'high' | 'integral' | 'whole' | 'numeric'> {
  return {
    low: Math.min(...parts.map((part) => part.low)),
    high: Math.max(...parts.map((part) => part.high)),
    integral: parts.every((part) => part.integral),
    whole: parts.every((part) => part.whole),
    numeric: parts.every((part) => part.numeric),
  };
}

const TRUTH_FACTS = { ...EITHER, integral: true, whole: true, numeric: true };

export function unaryFacts(op: '-' | '+' | 'not', operand: Facts): Omit<Derived, 'variables'> {
  if (op === 'not') return { ...TRUTH_FACTS, safe: operand.safe };
  const { low, high, integral, whole, numeric } = operand;
  const interval = op === '-' ? { low: -high, high: -low } : { low, high };
  return { ...interval, integral, whole, numeric: true, safe: operand.safe && numeric };
}

/** A comparison of two operands is decided where their bounds do not overlap. */
export function comparisonFacts(
  { rest }: Extract<ConstraintExpression, { kind: 'compare' }>,
  parts: readonly Facts[],
): Omit<Derived, 'variables'> {
  const [left, right] = parts;
  const numeric = left.numeric && right.numeric;
  const interval = numeric && rest.length === 1 ? compared(rest[0].op, left, right) : EITHER;
  const safe = parts.every((part) => part.safe) && comparable(rest, parts);
  return { ...TRUTH_FACTS, ...interval, safe };
}

function comparable(
  rest: Extract<ConstraintExpression, { kind: 'compare' }>['rest'],
  parts: readonly Facts[],
): boolean {
  return rest.every(({ op, operand }, i) => {
    if (op === '==' || op === '!=') return true;
    if (op === 'in' || op === 'not in') return operand.kind === 'list';
    return parts[i].numeric && parts[i + 1].numeric;
  });
}

export function union(sets: readonly (readonly number[])[]): readonly number[] {
  if (sets.length === 1) return sets[0];
  return [...new Set(sets.flat())].sort((a, b) => a - b);
}
