import type { CompareOperator, ConstraintExpression } from './constraint.ts';
import { unknownName } from './input-error.ts';
import { LIMITS } from './limits.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { ExpressionToken } from './tokens.ts';

type BinaryOperator = Extract<ConstraintExpression, { kind: 'binary' }>['op'];

const sums: Readonly<Record<string, BinaryOperator>> = { '+': '+', '-': '-' };
const products: Readonly<Record<string, BinaryOperator>> = { '*': '*', '/': '/', '//': '//', '%': '%' };
const orders: Readonly<Record<string, CompareOperator>> = {
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '==': '==',
  '!=': '!=',
};
const functions: Readonly<Record<string, 'min' | 'max' | 'abs'>> = { min: 'min', max: 'max', abs: 'abs' };

/** A recursive descent parser: one method for each level of precedence, lowest first. */
export class ExpressionReader {
  readonly #cursor: TokenCursor;
  readonly #names: readonly string[] | undefined;
  /** Whether the next operand may be a list. */
  #listMayFollow = false;

  /** @param names the allowed names; any if not given */
  constructor(cursor: TokenCursor, names?: readonly string[]) {
    this.#cursor = cursor;
    this.#names = names;
  }

  expression(): ConstraintExpression {
    return this.#cursor.nested(() => this.#several('or', () => this.#several('and', () => this.#negation())));
  }

  #several(kind: 'and' | 'or', operand: () => ConstraintExpression): ConstraintExpression {
    const operands = [operand()];
    while (this.#cursor.take(kind)) operands.push(this.#next(operands.length, operand));
    return operands.length === 1 ? operands[0] : { kind, operands };
  }

  /** One more operand, unless there are too many. */
  #next(count: number, operand: () => ConstraintExpression): ConstraintExpression {
    if (count < LIMITS.operands) return operand();
    throw this.#cursor.problem(
      this.#cursor.next,
      `more than ${LIMITS.operands} operands in a row`,
      'split it',
    );
  }

  #negation(): ConstraintExpression {
    if (!this.#cursor.take('not')) return this.#comparison();
    return { kind: 'unary', op: 'not', operand: this.#cursor.nested(() => this.#negation()) };
  }

  #comparison(): ConstraintExpression {
    const first = this.#sum();
    const rest: { op: CompareOperator; operand: ConstraintExpression }[] = [];
    for (let op = this.#compareOperator(); op !== undefined; op = this.#compareOperator()) {
      this.#listMayFollow = op === 'in' || op === 'not in';
      const operand = this.#next(rest.length + 1, () => this.#sum());
      rest.push({ op, operand });
      if (operand.kind === 'list') break;
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest };
  }

  #compareOperator(): CompareOperator | undefined {
    if (this.#cursor.take('in')) return 'in';
    if (this.#cursor.isAt('not') && this.#cursor.isAt('in', 1)) {
      this.#cursor.advance(2);
      return 'not in';
    }
    return this.#cursor.takeOneOf(orders);
  }

  #sum(): ConstraintExpression {
    return this.#leftToRight(sums, () => this.#leftToRight(products, () => this.#signed()));
  }

  /** A chain of operators of one precedence, grouped to the left. */
  #leftToRight(
    operators: Readonly<Record<string, BinaryOperator>>,
    operand: () => ConstraintExpression,
  ): ConstraintExpression {
    let left = operand();
    if (left.kind === 'list') return left;
    let count = 1;
    for (
      let op = this.#cursor.takeOneOf(operators);
      op !== undefined;
      op = this.#cursor.takeOneOf(operators)
    ) {
      left = { kind: 'binary', op, left, right: this.#next(count++, operand) };
    }
    return left;
  }

  #signed(): ConstraintExpression {
    const op = this.#cursor.take('-') ? '-' : this.#cursor.take('+') ? '+' : undefined;
    if (op === undefined) return this.#power();
    this.#listMayFollow = false;
    return { kind: 'unary', op, operand: this.#cursor.nested(() => this.#signed()) };
  }

  /** -2 ** 2 is -(2 ** 2), and the exponent may have a sign: 2 ** -1. */
  #power(): ConstraintExpression {
    const left = this.#atom();
    if (left.kind === 'list' || !this.#cursor.take('**')) return left;
    return { kind: 'binary', op: '**', left, right: this.#cursor.nested(() => this.#signed()) };
  }

  #atom(): ConstraintExpression {
    const listMayStand = this.#listMayFollow;
    this.#listMayFollow = false;
    const token = this.#cursor.next;
    if (token.kind === 'number' || token.kind === 'text') {
      this.#cursor.advance();
      return { kind: 'constant', value: token.value };
    }
    if (token.kind === 'name') return this.#nameOrCall(token);
    const close = this.#cursor.take('[') ? ']' : this.#cursor.take('(') ? ')' : undefined;
    if (close === undefined) throw this.#cursor.unexpected('a value');
    const inner = this.#bracketed(close);
    if (inner.kind === 'list' && !listMayStand) {
      throw this.#cursor.problem(token, "a list may only stand after 'in', or in min and max");
    }
    return inner;
  }

  /** (a) is a value; (a,), (a, b) and [a] are lists. */
  #bracketed(close: ')' | ']'): ConstraintExpression {
    const items = [this.expression()];
    let isList = close === ']';
    while (this.#cursor.take(',')) {
      isList = true;
      if (this.#cursor.isAt(close)) break;
      items.push(this.expression());
    }
    this.#cursor.expect(close);
    return isList ? { kind: 'list', items } : items[0];
  }

  #nameOrCall(token: ExpressionToken & { kind: 'name' }): ConstraintExpression {
    this.#cursor.advance();
    if (token.value === 'True' || token.value === 'False') {
      return { kind: 'constant', value: token.value === 'True' };
    }
    if (this.#cursor.take('(')) return this.#call(token);
    if (this.#names !== undefined && !this.#names.includes(token.value)) {
      const { message } = unknownName('parameter', token.value, this.#names);
      throw this.#cursor.problem(token, message.slice('parameter: '.length));
    }
    return { kind: 'name', name: token.value };
  }

  #call(token: ExpressionToken & { kind: 'name' }): ConstraintExpression {
    const name = Object.hasOwn(functions, token.value) ? functions[token.value] : undefined;
    if (name === undefined) {
      throw this.#cursor.problem(token, `there is no function '${token.value}', only min, max and abs`);
    }
    this.#listMayFollow = name !== 'abs';
    const given = [this.expression()];
    while (given[0].kind !== 'list' && this.#cursor.take(','))
      given.push(this.#next(given.length, () => this.expression()));
    this.#cursor.expect(')');
    if (given[0].kind === 'list') this.#next(given[0].items.length - 1, () => given[0]);
    const fits = name === 'abs' ? given.length === 1 : given.length > 1 || given[0].kind === 'list';
    if (!fits) {
      throw this.#cursor.problem(
        token,
        `${name} takes ${name === 'abs' ? 'one value' : 'two or more values'}`,
      );
    }
    return { kind: 'call', name, arguments: given };
  }
}
