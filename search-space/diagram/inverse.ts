import { applyBinary } from '../evaluate.ts';
import type { BinaryOperator, Interval } from './intervals.ts';
import { commonMultiple, type Need } from './need.ts';

export type Side = 'left' | 'right';

/** How an operation moves with one whole operand, the other held: a function, its direction, and about where it reaches a value. */
export type Movement = Readonly<{
  apply: (whole: number) => number;
  direction: 'up' | 'down';
  guess: (reached: number) => number;
}>;

/** The movement of an operation in its operand at a side; 'none' where it does not move. */
export function movementOf(
  op: BinaryOperator,
  side: Side,
  other: number,
  operand: Interval,
): Movement | 'none' | 'unknown' {
  const apply =
    side === 'left' ? (v: number) => applyBinary(op, v, other) : (v: number) => applyBinary(op, other, v);
  const steady = op === '+' || op === '-';
  if (!steady && other === 0) return op === '**' || op === '%' ? 'unknown' : 'none';
  switch (op) {
    case '+':
      return { apply, direction: 'up', guess: (reached) => reached - other };
    case '-':
      return side === 'left'
        ? { apply, direction: 'up', guess: (reached) => reached + other }
        : { apply, direction: 'down', guess: (reached) => other - reached };
    case '*':
      return { apply, direction: other > 0 ? 'up' : 'down', guess: (reached) => reached / other };
    case '/':
    case '//':
      if (side === 'left')
        return { apply, direction: other > 0 ? 'up' : 'down', guess: (reached) => reached * other };
      if (operand.low <= 0 || other < 0) return 'unknown';
      return {
        apply,
        direction: 'down',
        guess: (reached) => (reached > 0 ? other / reached : Number.POSITIVE_INFINITY),
      };
    default:
      return 'unknown';
  }
}

/**
 * The cut of a whole operand that parts results below `cut` from the others, exact whatever is rounded:
 * near a guess it is tried out. 'none' where it is outside of what the operand can be.
 */
export function cutBefore(
  { apply, direction, guess }: Movement,
  cut: number,
  operand: Interval,
): number | 'none' | 'unknown' {
  const isPast = (whole: number) => (direction === 'up' ? apply(whole) >= cut : apply(whole) < cut);
  const near = Math.ceil(guess(cut));
  if (near < operand.low - 2 || near > operand.high + 2) return 'none';
  for (let whole = near - 2; whole <= near + 2; whole++) {
    if (!isPast(whole - 1) && isPast(whole)) return whole;
  }
  return 'unknown';
}

/** By which modulus an operand has to be known for the result to be known by the one that is needed. */
export function modulusBefore(
  op: BinaryOperator,
  side: Side,
  need: Exclude<Need, 'value'>,
  others: readonly number[],
): number | undefined {
  if (op !== '%' && need.modulus === 1) return 1;
  if (!others.every(Number.isInteger)) return undefined;
  const divisors = others.filter((other) => other !== 0).map(Math.abs);
  if (op === '%' && side === 'left') return commonMultiple(divisors);
  if (op === '//' && side === 'left')
    return commonMultiple(divisors.map((divisor) => divisor * need.modulus));
  return op === '+' || op === '-' || op === '*' ? need.modulus : undefined;
}
