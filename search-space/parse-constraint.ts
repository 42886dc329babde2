import type { Constraint } from './constraint.ts';
import { ExpressionReader } from './expression-reader.ts';
import { checkLimit, LIMITS } from './limits.ts';
import { TokenCursor } from './token-cursor.ts';

/**
 * Reads a constraint in the grammar that Kernel Tuner and T1 files use, with Python's precedence:
 * or · and · not · comparisons, in (chained) · + - · * / // % · unary + - · ** (to the right).
 * Values are numbers, quoted texts, True, False, names, lists or tuples, and min, max, abs.
 *
 * @param sentence explains a violation; by default the text itself
 * @param names the known parameters; without it any name is accepted
 * @param field the name of the text in errors
 * @throws InputError that names the column
 */
export function parseConstraint(
  text: string,
  sentence: string = text,
  names?: readonly string[],
  field: string = 'constraint',
): Constraint {
  const cursor = new TokenCursor(text, field, LIMITS.constraint);
  checkLimit(field, 'characters in its sentence', sentence.length, LIMITS.constraint);
  const expression = new ExpressionReader(cursor, names).expression();
  cursor.expectEnd();
  return Object.freeze({ expression, sentence });
}
