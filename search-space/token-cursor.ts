import type { InputError } from './input-error.ts';
import { type ExpressionToken, problemAt, tokenizeExpression } from './tokens.ts';

const deepest = 100;

/** A cursor over the tokens of a text, whose errors name the column. */
export class TokenCursor {
  readonly #text: string;
  readonly #field: string;
  readonly #tokens: readonly ExpressionToken[];
  #at = 0;
  #depth = 0;

  /** Throws InputError for a text that is too long or cannot be split into tokens; `field` is its name in errors. */
  constructor(text: string, field: string, longest: number) {
    this.#text = text;
    this.#field = field;
    this.#tokens = tokenizeExpression(text, field, longest);
  }

  get next(): ExpressionToken {
    return this.#tokens[this.#at];
  }

  isAt(symbol: string, ahead: number = 0): boolean {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    return token.kind === 'symbol' && token.value === symbol;
  }

  advance(count: number = 1): void {
    this.#at = Math.min(this.#at + count, this.#tokens.length - 1);
  }

  /** Consumes a symbol if it is next. */
  take(symbol: string): boolean {
    const found = this.isAt(symbol);
    if (found) this.advance();
    return found;
  }

  /** Consumes the next token if it is one of the operators, and returns its meaning. */
  takeOneOf<Meaning>(operators: Readonly<Record<string, Meaning>>): Meaning | undefined {
    const { kind, value } = this.next;
    if (kind !== 'symbol' || !Object.hasOwn(operators, value)) return undefined;
    this.advance();
    return operators[value];
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected(`'${symbol}'`);
  }

  expectName(): string {
    const { next } = this;
    if (next.kind !== 'name') throw this.unexpected('a name');
    this.advance();
    return next.value;
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') throw this.unexpected('an operator or the end');
  }

  /** Limits nesting, because thousands of brackets would overflow the stack. */
  nested<Result>(read: () => Result): Result {
    if (++this.#depth > deepest) throw this.problem(this.next, `nested more than ${deepest} deep`);
    const result = read();
    this.#depth--;
    return result;
  }

  unexpected(wanted: string): InputError {
    const { next } = this;
    return this.problem(
      next,
      `expected ${wanted}, found ${next.kind === 'end' ? 'the end' : `'${next.value}'`}`,
    );
  }

  problem(token: ExpressionToken, problem: string, hint?: string): InputError {
    return problemAt(this.#field, this.#text, token.column, problem, hint);
  }
}
