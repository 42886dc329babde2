import type { CompareOperator, Constraint, ConstraintExpression } from './constraint.ts';
import { type InputError, unknownName } from './input-error.ts';
import type { Token } from './tokens.ts';
import { problemAt, tokenize } from './tokens.ts';

/**
 * Reads a constraint in the grammar that Kernel Tuner and T1 files use, with Python's precedence:
 * or · and · not · comparisons, in (chained) · + - · * / // % · unary + - · ** (to the right).
 * Values are numbers, quoted texts, True, False, names, lists or tuples, and min, max, abs.
 *
 * @param sentence what people are told when it is broken; the text itself if none is given
 * @param names the parameters there are; without it any name is taken
 * @throws InputError that names the column
 */
export function parseConstraint(
  text: string,
  sentence: string = text,
  names?: readonly string[],
): Constraint {
  return { expression: parseExpression(text, 'constraint', names), sentence };
}

/** An expression of the same grammar; `field` is what an error calls it. */
export function parseExpression(
  text: string,
  field: string,
  names?: readonly string[],
): ConstraintExpression {
  const reader = new ExpressionReader(text, field, names);
  const expression = reader.expression();
  reader.expectEnd();
  return expression;
}

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
const deepest = 100;

/** Recursive descent over the tokens; one method a level of precedence. */
class ExpressionReader {
  readonly #text: string;
  readonly #field: string;
  readonly #names: readonly string[] | undefined;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  /** Whether a list may stand where the next value is read. */
  #listMayFollow = false;

  constructor(text: string, field: string, names: readonly string[] | undefined) {
    this.#text = text;
    this.#field = field;
    this.#names = names;
    this.#tokens = tokenize(text, field);
  }

  expression(): ConstraintExpression {
    return this.#nested(() => this.#several('or', () => this.#several('and', () => this.#negation())));
  }

  expectEnd(): void {
    if (this.#next.kind !== 'end') throw this.#problem('expected an operator or the end');
  }

  get #next(): Token {
    return this.#tokens[this.#at];
  }

  #several(kind: 'and' | 'or', operand: () => ConstraintExpression): ConstraintExpression {
    const operands = [operand()];
    while (this.#take(kind)) operands.push(operand());
    return operands.length === 1 ? operands[0] : { kind, operands };
  }

  #negation(): ConstraintExpression {
    if (!this.#take('not')) return this.#comparison();
    return { kind: 'unary', op: 'not', operand: this.#nested(() => this.#negation()) };
  }

  #comparison(): ConstraintExpression {
    const first = this.#arithmetic(sums, () => this.#product());
    const rest: { op: CompareOperator; operand: ConstraintExpression }[] = [];
    for (let op = this.#compareOperator(); op !== undefined; op = this.#compareOperator()) {
      this.#listMayFollow = op === 'in' || op === 'not in';
      const operand = this.#arithmetic(sums, () => this.#product());
      rest.push({ op, operand });
      if (operand.kind === 'list') break;
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest };
  }

  #compareOperator(): CompareOperator | undefined {
    if (this.#take('in')) return 'in';
    if (this.#next.value === 'not' && this.#tokens[this.#at + 1].value === 'in') {
      this.#at += 2;
      return 'not in';
    }
    return this.#operator(orders);
  }

  /** A chain of operators of one precedence, grouped to the left. */
  #arithmetic(
    operators: Readonly<Record<string, BinaryOperator>>,
    operand: () => ConstraintExpression,
  ): ConstraintExpression {
    let left = operand();
    if (left.kind === 'list') return left;
    for (let op = this.#operator(operators); op !== undefined; op = this.#operator(operators)) {
      left = { kind: 'binary', op, left, right: operand() };
    }
    return left;
  }

  #product(): ConstraintExpression {
    return this.#arithmetic(products, () => this.#signed());
  }

  #signed(): ConstraintExpression {
    const op = this.#take('-') ? '-' : this.#take('+') ? '+' : undefined;
    if (op === undefined) return this.#power();
    this.#listMayFollow = false;
    return { kind: 'unary', op, operand: this.#nested(() => this.#signed()) };
  }

  /** -2 ** 2 is -(2 ** 2), and 2 ** -1 takes the sign. */
  #power(): ConstraintExpression {
    const left = this.#atom();
    if (left.kind === 'list' || !this.#take('**')) return left;
    return { kind: 'binary', op: '**', left, right: this.#nested(() => this.#signed()) };
  }

  #atom(): ConstraintExpression {
    const listMayStand = this.#listMayFollow;
    this.#listMayFollow = false;
    const token = this.#next;
    if (token.kind === 'number' || token.kind === 'text') {
      this.#at++;
      return { kind: 'constant', value: token.value };
    }
    if (token.kind === 'name') return this.#nameOrCall(token);
    const close = this.#take('[') ? ']' : this.#take('(') ? ')' : undefined;
    if (close === undefined) throw this.#problem('expected a value');
    const inner = this.#bracketed(close);
    if (inner.kind === 'list' && !listMayStand) {
      throw this.#problemAt(token, "a list may only stand after 'in', or in min and max");
    }
    return inner;
  }

  /** (a) is a value; (a,), (a, b) and [a] are lists. */
  #bracketed(close: ')' | ']'): ConstraintExpression {
    const items = [this.expression()];
    let isList = close === ']';
    while (this.#take(',')) {
      isList = true;
      if (this.#next.value === close) break;
      items.push(this.expression());
    }
    this.#expect(close);
    return isList ? { kind: 'list', items } : items[0];
  }

  #nameOrCall(token: Token & { kind: 'name' }): ConstraintExpression {
    this.#at++;
    if (token.value === 'True' || token.value === 'False') {
      return { kind: 'constant', value: token.value === 'True' };
    }
    if (this.#take('(')) return this.#call(token);
    if (this.#names !== undefined && !this.#names.includes(token.value)) {
      throw this.#problemAt(
        token,
        unknownName('parameter', token.value, this.#names).message.slice('parameter: '.length),
      );
    }
    return { kind: 'name', name: token.value };
  }

  #call(token: Token & { kind: 'name' }): ConstraintExpression {
    const name = Object.hasOwn(functions, token.value) ? functions[token.value] : undefined;
    if (name === undefined) {
      throw this.#problemAt(token, `there is no function '${token.value}', only min, max and abs`);
    }
    this.#listMayFollow = name !== 'abs';
    const given = [this.expression()];
    while (given[0].kind !== 'list' && this.#take(',')) given.push(this.expression());
    this.#expect(')');
    const enough = name === 'abs' ? given.length === 1 : given.length > 1 || given[0].kind === 'list';
    if (!enough)
      throw this.#problemAt(token, `${name} takes ${name === 'abs' ? 'one value' : 'two or more'}`);
    return { kind: 'call', name, arguments: given };
  }

  #operator<Op>(operators: Readonly<Record<string, Op>>): Op | undefined {
    const { kind, value } = this.#next;
    if (kind !== 'symbol' || !Object.hasOwn(operators, value)) return undefined;
    this.#at++;
    return operators[value];
  }

  #take(symbol: string): boolean {
    const found = this.#next.kind === 'symbol' && this.#next.value === symbol;
    if (found) this.#at++;
    return found;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#problem(`expected '${symbol}'`);
  }

  #nested<Result>(read: () => Result): Result {
    if (++this.#depth > deepest) throw this.#problem(`nested more than ${deepest} deep`);
    const result = read();
    this.#depth--;
    return result;
  }

  #problem(problem: string): InputError {
    const { kind, value } = this.#next;
    return this.#problemAt(this.#next, `${problem}, found ${kind === 'end' ? 'the end' : `'${value}'`}`);
  }

  #problemAt(token: Token, problem: string): InputError {
    return problemAt(this.#field, this.#text, token.column, problem);
  }
}
