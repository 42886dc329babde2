import { InputError } from './input-error.ts';
import { checkLimit } from './limits.ts';

/** A token of a constraint's text; `column`, from 1, is its start. */
export type ExpressionToken = Readonly<
  | { kind: 'number'; value: number; column: number }
  | { kind: 'text'; value: string; column: number }
  | { kind: 'name'; value: string; column: number }
  /** An operator, a bracket, or one of the words and, or, not, in, for. */
  | { kind: 'symbol'; value: string; column: number }
  | { kind: 'end'; value: ''; column: number }
>;

const words = new Set(['and', 'or', 'not', 'in', 'for', 'if', 'else', 'is', 'lambda']);
const shapes = {
  space: /\s+/y,
  number: /0[xX][0-9a-fA-F]+|0[bB][01]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y,
  name: /[\p{L}_][\p{L}\p{N}_]*/uy,
  text: /'((?:[^'\\\n]|\\['"\\])*)'|"((?:[^"\\\n]|\\['"\\])*)"/y,
  symbol: /\*\*|\/\/|<=|>=|==|!=|[-+*/%<>()[\],]/y,
};

/**
 * Splits a text in Python's expression grammar. Throws InputError for a text longer than `longest`, and
 * with the column of an invalid token.
 */
export function tokenizeExpression(text: string, field: string, longest: number): ExpressionToken[] {
  checkLimit(field, 'characters', text.length, longest);
  const tokens: ExpressionToken[] = [];
  let at = 0;
  while (at < text.length) {
    const space = match(shapes.space, text, at);
    if (space !== undefined) {
      at += space[0].length;
      continue;
    }
    const { token, length } = tokenAt(text, at, field);
    tokens.push(token);
    at += length;
  }
  tokens.push({ kind: 'end', value: '', column: text.length + 1 });
  return tokens;
}

function tokenAt(text: string, at: number, field: string): { token: ExpressionToken; length: number } {
  const column = at + 1;
  const name = match(shapes.name, text, at);
  if (name !== undefined) {
    const kind = words.has(name[0]) ? 'symbol' : 'name';
    return { token: { kind, value: name[0], column }, length: name[0].length };
  }
  const number = match(shapes.number, text, at);
  if (number !== undefined) {
    const value = Number(number[0].replaceAll('_', ''));
    if (!Number.isFinite(value))
      throw problemAt(field, text, column, `cannot read the number '${number[0]}'`);
    return { token: { kind: 'number', value, column }, length: number[0].length };
  }
  const quoted = match(shapes.text, text, at);
  if (quoted !== undefined) {
    const value = (quoted[1] ?? quoted[2]).replace(/\\(.)/g, '$1');
    return { token: { kind: 'text', value, column }, length: quoted[0].length };
  }
  const symbol = match(shapes.symbol, text, at);
  if (symbol !== undefined) {
    return { token: { kind: 'symbol', value: symbol[0], column }, length: symbol[0].length };
  }
  throw problemAt(field, text, column, `cannot read '${text[at]}'`, advice(text, at));
}

const inPython: readonly (readonly [string, string])[] = [
  ['&&', "write 'and'"],
  ['||', "write 'or'"],
  ['!', "write 'not'"],
  ['=', "to compare, write '=='"],
  ["'", 'the text is not closed'],
  ['"', 'the text is not closed'],
];

function advice(text: string, at: number): string | undefined {
  return inPython.find(([written]) => text.startsWith(written, at))?.[1];
}

function match(shape: RegExp, text: string, at: number): RegExpExecArray | undefined {
  shape.lastIndex = at;
  return shape.exec(text) ?? undefined;
}

/** "constraint: column 5 of 'a <= ': expected a value, found the end". */
export function problemAt(
  field: string,
  text: string,
  column: number,
  problem: string,
  hint?: string,
): InputError {
  const from = Math.max(0, column - 41);
  const shown = text.length <= 80 ? text : `…${text.slice(from, from + 80)}…`;
  return new InputError(field, `column ${column} of "${shown}": ${problem}`, hint);
}
