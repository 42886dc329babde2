import type { InputError } from '../../../../search-space/input-error.ts';
import { type Place, refusal } from '../refusal.ts';
import type { TokenKind, TtirToken } from './tokens.ts';

/** A reading position in a token sequence. */
export type Cursor = {
  readonly file: string;
  readonly tokens: readonly TtirToken[];
  at: number;
  /** How many regions, lists and dictionaries are open: nesting is bounded, so no text exhausts the stack. */
  depth: number;
};

const MAX_DEPTH = 100;

export function peek(cursor: Cursor, ahead = 0): TtirToken {
  return cursor.tokens[Math.min(cursor.at + ahead, cursor.tokens.length - 1)];
}

export function next(cursor: Cursor): TtirToken {
  const token = peek(cursor);
  if (token.kind !== 'end') cursor.at += 1;
  return token;
}

export function isMark(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === 'mark' && token.text === text;
}

/** Takes the mark or word `text` if it stands here. */
export function accept(cursor: Cursor, text: string): boolean {
  const token = peek(cursor);
  if ((token.kind !== 'mark' && token.kind !== 'word') || token.text !== text) return false;
  cursor.at += 1;
  return true;
}

export function expectMark(cursor: Cursor, text: string): TtirToken {
  if (!isMark(cursor, text)) throw unexpected(cursor, `'${text}'`);
  return next(cursor);
}

export function expectKind(cursor: Cursor, kind: TokenKind, what: string): TtirToken {
  if (peek(cursor).kind !== kind) throw unexpected(cursor, what);
  return next(cursor);
}

export function unexpected(cursor: Cursor, wanted: string): InputError {
  const token = peek(cursor);
  return refusal(cursor.file, token, `expected ${wanted}, got '${token.text.slice(0, 40)}'`);
}

export function refuseAt(cursor: Cursor, place: Place, problem: string, hint?: string): InputError {
  return refusal(cursor.file, place, problem, hint);
}

/** Reads something nested. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH) {
    throw refusal(cursor.file, peek(cursor), `nested more than ${MAX_DEPTH} deep`);
  }
  const value = read();
  cursor.depth -= 1;
  return value;
}

/** Skips one balanced `( … )`, `{ … }`, `[ … ]` or `< … >` that opens here. */
export function skipBalanced(cursor: Cursor): void {
  const closers: string[] = [];
  const start = peek(cursor);
  do {
    const token = next(cursor);
    if (token.kind === 'end') throw refusal(cursor.file, start, `'${start.text}' is never closed`);
    if (token.kind !== 'mark') continue;
    const opener = '({[<'.indexOf(token.text);
    if (token.text.length === 1 && opener >= 0) closers.push(')}]>'[opener]);
    else if (token.text === closers.at(-1)) closers.pop();
  } while (closers.length > 0);
}

/** Skips a trailing `loc(…)`. */
export function skipLocation(cursor: Cursor): void {
  while (peek(cursor).kind === 'word' && peek(cursor).text === 'loc' && isMark(cursor, '(', 1)) {
    next(cursor);
    skipBalanced(cursor);
  }
}
