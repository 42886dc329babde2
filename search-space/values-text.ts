import type { ConstraintExpression } from './constraint.ts';
import { compile } from './evaluate.ts';
import { ExpressionReader } from './expression-reader.ts';
import type { Value } from './parameter.ts';
import { holds, pythonValueOf } from './python-arithmetic.ts';
import { TokenCursor } from './token-cursor.ts';

const mostValues = 100_000;

/**
 * Reads a list of values in the subset of Python that tuning files use:
 * [1, 2, 4] · range(1, 9) · list(range(8)) · [2**i for i in range(6) if i != 3] · [1] + [8, 16].
 * Throws InputError that names the column for anything else.
 */
export function parseValueList(text: string, field: string): readonly Value[] {
  const cursor = new TokenCursor(text, field);
  const values = new ListReader(cursor).concatenation();
  cursor.expectEnd();
  return values;
}

class ListReader {
  readonly #cursor: TokenCursor;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
  }

  concatenation(): readonly Value[] {
    return this.#cursor.nested(() => {
      const values = [...this.#list()];
      while (this.#cursor.take('+')) {
        values.push(...this.#list());
        if (values.length > mostValues) throw this.#tooLong();
      }
      return values;
    });
  }

  #list(): readonly Value[] {
    const { next } = this.#cursor;
    if (next.kind === 'name' && next.value === 'range') return this.#range();
    if (next.kind === 'name' && next.value === 'list') {
      this.#cursor.advance();
      this.#cursor.expect('(');
      return this.#closed(')', () => this.concatenation());
    }
    if (this.#cursor.take('(')) return this.#closed(')', () => this.#items(')'));
    if (this.#cursor.take('[')) return this.#closed(']', () => this.#items(']'));
    throw this.#cursor.unexpected("a list or 'range'");
  }

  #closed(close: ')' | ']', read: () => readonly Value[]): readonly Value[] {
    const values = read();
    this.#cursor.expect(close);
    return values;
  }

  /** The content of brackets: items, or a comprehension. */
  #items(close: ')' | ']'): readonly Value[] {
    if (this.#cursor.isAt(close)) return [];
    const start = this.#cursor.next;
    const first = new ExpressionReader(this.#cursor).expression();
    if (this.#cursor.take('for')) return this.#comprehension(first);
    const items = [first];
    while (this.#cursor.take(',') && !this.#cursor.isAt(close)) {
      items.push(new ExpressionReader(this.#cursor).expression());
    }
    return items.map((item) => this.#valueOf(item, start, undefined));
  }

  #comprehension(item: ConstraintExpression): readonly Value[] {
    const start = this.#cursor.next;
    const name = this.#cursor.expectName();
    this.#cursor.expect('in');
    const source = this.#list();
    const condition = this.#cursor.take('if')
      ? new ExpressionReader(this.#cursor, [name]).expression()
      : undefined;
    return source
      .filter((value) => condition === undefined || this.#isTrue(condition, start, { name, value }))
      .map((value) => this.#valueOf(item, start, { name, value }));
  }

  #range(): readonly Value[] {
    const start = this.#cursor.next;
    this.#cursor.advance();
    this.#cursor.expect('(');
    const bounds = this.#items(')');
    this.#cursor.expect(')');
    const numbers = bounds.filter((bound) => typeof bound === 'number');
    if (
      numbers.length !== bounds.length ||
      bounds.length < 1 ||
      bounds.length > 3 ||
      !numbers.every(Number.isInteger)
    ) {
      throw this.#cursor.problem(start, 'range takes one to three whole numbers');
    }
    const [from, to] = numbers.length === 1 ? [0, numbers[0]] : numbers;
    const step = numbers[2] ?? 1;
    if (step === 0) throw this.#cursor.problem(start, 'the step of range cannot be 0');
    const length = Math.max(0, Math.ceil((to - from) / step));
    if (length > mostValues) throw this.#tooLong();
    return Array.from({ length }, (_, i) => from + i * step);
  }

  #isTrue(condition: ConstraintExpression, at: TokenCursor['next'], given: Given): boolean {
    return holds(pythonValueOf(this.#valueOf(condition, at, given)));
  }

  #valueOf(item: ConstraintExpression, at: TokenCursor['next'], given: Given | undefined): Value {
    if (item.kind === 'constant') return item.value;
    const evaluate = compile(item, (part) => {
      if (part.kind !== 'name') return undefined;
      if (part.name === given?.name) return 0;
      throw this.#cursor.problem(at, `'${part.name}' has no value here`);
    });
    const value = evaluate(given === undefined ? [] : [pythonValueOf(given.value)]);
    if (Number.isNaN(value)) throw this.#cursor.problem(at, 'a value cannot be computed');
    return value;
  }

  #tooLong() {
    return this.#cursor.problem(this.#cursor.next, `more than ${mostValues} values`);
  }
}

type Given = Readonly<{ name: string; value: Value }>;
