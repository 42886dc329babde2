/**
 * Python's meaning of operators on finite numbers and text, where JavaScript's differs.
 * An operation that raises an error in Python (division by zero, comparing text with a number, a complex
 * power) yields FAILED; a constraint that fails to evaluate is broken.
 */

/** The value of a slot. Booleans are 1 and 0, as in Python. */
export type PythonValue = number | string;

/** The result of an operation that raises an error in Python. As NaN, it propagates through arithmetic. */
export const FAILED = Number.NaN;

/** True division: 7 / 2 is 3.5; division by zero fails. */
export function divide(a: number, b: number): number {
  return b === 0 ? FAILED : a / b;
}

/**
 * The remainder takes the divisor's sign: -7 % 3 is 2 (CPython's float_rem, which agrees with the
 * integer rule on whole numbers).
 */
export function modulo(a: number, b: number): number {
  const remainder = a % b;
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder;
}

/** Division rounded towards minus infinity; exact, so 1.0 // 0.1 is 9 (CPython's float_floor_div). */
export function floorDivide(a: number, b: number): number {
  const quotient = (a - modulo(a, b)) / b;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** Powers of whole numbers by squaring, since Math.pow need not be exact; 0 ** -1 fails, as does FAILED ** 0. */
export function power(base: number, exponent: number): number {
  if (Number.isNaN(base) || (base === 0 && exponent < 0)) return FAILED;
  if (!Number.isInteger(base) || !Number.isInteger(exponent) || exponent < 0) return base ** exponent;
  // Nothing to round, or certain to overflow: an exponent may have a thousand bits.
  if (Math.abs(base) <= 1 || exponent > 1023) return base ** exponent;
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0 && Number.isFinite(result); rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    if (rest > 1) square *= square;
  }
  return result;
}

/** The longest text, far beyond any condition's need; an operation that would exceed it fails. */
const LONGEST_TEXT = 10_000;

/** 'n' + 't' is 'nt'; text and a number cannot be added. */
export function joinText(a: PythonValue, b: PythonValue): PythonValue {
  if (typeof a !== 'string' || typeof b !== 'string' || a.length + b.length > LONGEST_TEXT) return FAILED;
  return a + b;
}

/** 'ab' * 2 and 2 * 'ab' are 'abab'; a count below 1 gives ''. */
export function repeatText(a: PythonValue, b: PythonValue): PythonValue {
  const [text, count] = typeof a === 'string' ? [a, b] : [b, a];
  if (typeof text !== 'string' || typeof count !== 'number' || !Number.isInteger(count)) return FAILED;
  const times = Math.max(0, count);
  return text.length * times > LONGEST_TEXT ? FAILED : text.repeat(times);
}

/** Compares by code points, as Python does, not by UTF-16 units. */
export function compareText(a: string, b: string): number {
  const left = Array.from(a, codePoint);
  const right = Array.from(b, codePoint);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i] - right[i];
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Whether a value is true in Python; FAILED is not. */
export function holds(value: PythonValue): boolean {
  return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : value.length > 0;
}

/** A parameter's value as an operand. */
export function pythonValueOf(value: number | string | boolean): PythonValue {
  return typeof value === 'boolean' ? Number(value) : value;
}
