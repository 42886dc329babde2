import type { CompareOperator, ConstraintExpression } from '../constraint.ts';
import { floorDivide, power } from '../python-arithmetic.ts';

/** Everything a number can be: low ≤ value ≤ high. */
export type Interval = Readonly<{ low: number; high: number }>;

export type BinaryOperator = Extract<ConstraintExpression, { kind: 'binary' }>['op'];

export const ANYTHING: Interval = Object.freeze({
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
});
export const EITHER: Interval = Object.freeze({ low: 0, high: 1 });

/** An operand, and whether all its values are whole numbers. */
type Ranged = Interval & Readonly<{ whole: boolean }>;

/** The values an operation can have, wherever it does not fail. Rounding keeps order, so bounds are safe. */
export function intervalOf(op: BinaryOperator, left: Ranged, right: Ranged): Interval {
  switch (op) {
    case '+':
      return { low: left.low + right.low, high: left.high + right.high };
    case '-':
      return { low: left.low - right.high, high: left.high - right.low };
    case '*':
      return corners(left, right, (a, b) => (a === 0 || b === 0 ? 0 : a * b));
    case '/':
      return excludesZero(right) ? corners(left, right, (a, b) => a / b) : ANYTHING;
    case '//':
      return excludesZero(right) ? corners(left, right, floorDivide) : ANYTHING;
    case '%':
      return remainder(left, right);
    case '**':
      return isCounting(left, right) ? corners(left, right, power) : ANYTHING;
  }
}

/** 1 where a comparison always holds, 0 where it never does, and both in between. */
export function compared(op: CompareOperator, left: Interval, right: Interval): Interval {
  switch (op) {
    case '<':
      return { low: Number(left.high < right.low), high: Number(left.low < right.high) };
    case '<=':
      return { low: Number(left.high <= right.low), high: Number(left.low <= right.high) };
    case '>':
      return compared('<', right, left);
    case '>=':
      return compared('<=', right, left);
    case '==':
      return { low: 0, high: Number(left.low <= right.high && right.low <= left.high) };
    case '!=':
      return { low: Number(left.high < right.low || right.high < left.low), high: 1 };
    default:
      return EITHER;
  }
}

export function excludesZero(divisor: Interval): boolean {
  return divisor.low > 0 || divisor.high < 0;
}

/** Whole bases from 1 and whole exponents from 0: powers grow in both, and never fail. */
export function isCounting(base: Ranged, exponent: Ranged): boolean {
  return base.whole && exponent.whole && base.low >= 1 && exponent.low >= 0;
}

function remainder(left: Ranged, right: Ranged): Interval {
  if (right.low <= 0) return ANYTHING;
  const below = left.whole && right.whole ? right.high - 1 : right.high;
  return { low: 0, high: left.low >= 0 ? Math.min(left.high, below) : below };
}

function corners(left: Interval, right: Interval, apply: (a: number, b: number) => number): Interval {
  const all = [
    apply(left.low, right.low),
    apply(left.low, right.high),
    apply(left.high, right.low),
    apply(left.high, right.high),
  ];
  const low = Math.min(...all);
  const high = Math.max(...all);
  return Number.isNaN(low) ? ANYTHING : { low, high };
}
