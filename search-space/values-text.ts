import type { ConstraintExpression } from './constraint.ts';
import { compile } from './evaluate.ts';
import { sizeOf } from './expression-parts.ts';
import { ExpressionReader } from './expression-reader.ts';
import { LIMITS } from './limits.ts';
import type { Value } from './parameter.ts';
import { holds, pythonValueOf } from './python-arithmetic.ts';
import { TokenCursor } from './token-cursor.ts';

/** Parts of expressions that are worked out for one list: a comprehension's item is, for each value. */
const mostWork = 10_000_000;

/**
 * Reads a list of values in the subset of Python that tuning files use:
 * [1, 2, 4] · range(1, 9) · list(range(8)) · [2**i for i in range(6) if i != 3] · [1] + [8, 16].
 * Throws InputError that names the column for anything else, and the limit for a list that is too long.
 */
export function parseValueList(text: string, field: string): readonly Value[] {
  const cursor = new TokenCursor(text, field, LIMITS.valuesText);
  const values = new ListReader(cursor).concatenation();
  cursor.expectEnd();
  return values;
}

class ListReader {
  readonly #cursor: TokenCursor;
  #work = 0;
  #characters = 0;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
  }

  concatenation(): readonly Value[] {
    return this.#cursor.nested(() => {
      const lists = [this.#list()];
      let count = lists[0].length;
      while (this.#cursor.take('+')) {
        const more = this.#list();
        count += more.length;
        if (count > LIMITS.valuesOfParameter) throw this.#tooLong();
        lists.push(more);
      }
      return lists.length === 1 ? lists[0] : lists.flat();
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
      if (items.length === LIMITS.valuesOfParameter) throw this.#tooLong();
      items.push(new ExpressionReader(this.#cursor).expression());
    }
    return items.map((item) => (item.kind === 'constant' ? item.value : this.#ready(item, start)()));
  }

  #comprehension(item: ConstraintExpression): readonly Value[] {
    const start = this.#cursor.next;
    const name = this.#cursor.expectName();
    this.#cursor.expect('in');
    const source = this.#list();
    const condition = this.#cursor.take('if')
      ? new ExpressionReader(this.#cursor, [name]).expression()
      : undefined;
    const holdsFor = condition === undefined ? () => true : this.#condition(condition, start, name);
    const valueFor = this.#ready(item, start, name);
    return source.filter(holdsFor).map((value) => valueFor(value));
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
    if (length > LIMITS.valuesOfParameter) throw this.#tooLong();
    return Array.from({ length }, (_, i) => from + i * step);
  }

  #condition(condition: ConstraintExpression, at: TokenCursor['next'], name: string) {
    const valueFor = this.#ready(condition, at, name);
    return (value: Value) => holds(pythonValueOf(valueFor(value)));
  }

  /** An expression made ready: its value, where `name` has the one given. */
  #ready(item: ConstraintExpression, at: TokenCursor['next'], name?: string): (given?: Value) => Value {
    const size = sizeOf(item);
    const evaluate = compile(item, (part) => {
      if (part.kind !== 'name') return undefined;
      if (part.name === name) return 0;
      throw this.#cursor.problem(at, `'${part.name}' has no value here`);
    });
    return (given = 0) => {
      this.#work += size;
      if (this.#work > mostWork) throw this.#cursor.problem(at, 'takes too much to work out', tooMuch);
      // A truth value stays one, as Python has it.
      const value = item.kind === 'constant' ? item.value : evaluate([pythonValueOf(given)]);
      if (Number.isNaN(value)) throw this.#cursor.problem(at, 'a value cannot be computed');
      if (typeof value === 'string') this.#characters += value.length;
      if (this.#characters > LIMITS.valuesText)
        throw this.#cursor.problem(at, 'makes too long texts', tooMuch);
      return value;
    };
  }

  #tooLong() {
    return this.#cursor.problem(this.#cursor.next, `more than ${LIMITS.valuesOfParameter} values`);
  }
}

const tooMuch = 'list fewer values, or write them down';
