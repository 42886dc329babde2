import type { Expression, IndexMap } from './ir.ts';
import { BINARY_OPS } from './ops/binary.ts';
import { COMPARE_OPS } from './ops/compare.ts';
import { UNARY_OPS } from './ops/unary.ts';

/** The expression as one line of mathematics: `0.5 * x0 * (1 + erf(x0))`. */
export function printExpression(expression: Expression): string {
  return print(expression, 0);
}

/** The same as a factor of a product: in parentheses where it binds more loosely than `*`. */
export function printFactor(expression: Expression): string {
  return print(expression, UNARY_BINDING);
}

/** `1024*i + j + 3`. */
export function printIndex({ offset, strides }: IndexMap): string {
  const terms = Object.entries(strides).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const words = terms.map(([name, stride]) => ({
    negative: stride < 0,
    text: scaled(name, Math.abs(stride)),
  }));
  if (offset !== 0 || words.length === 0) words.push({ negative: offset < 0, text: `${Math.abs(offset)}` });
  const [first, ...rest] = words;
  const head = first.negative ? `-${first.text}` : first.text;
  return rest.reduce((line, { negative, text }) => `${line} ${negative ? '-' : '+'} ${text}`, head);
}

function scaled(name: string, stride: number): string {
  return stride === 1 ? name : `${stride}*${name}`;
}

const UNARY_BINDING = 9;

/** `binding` is how tightly the expression around it binds: a looser one gets parentheses. */
function print(expression: Expression, binding: number): string {
  switch (expression.kind) {
    case 'constant':
      return printNumber(expression.value);
    case 'value':
      return expression.name;
    case 'index':
      return printIndexValue(expression.at, binding);
    case 'load':
      return printLoad(expression, binding);
    case 'cast':
      return `${expression.dtype}(${print(expression.operand, 0)})`;
    case 'unary': {
      const { prefix } = UNARY_OPS[expression.op];
      if (prefix !== undefined) return `${prefix}${print(expression.operand, UNARY_BINDING)}`;
      return `${expression.op}(${print(expression.operand, 0)})`;
    }
    case 'binary':
    case 'compare':
      return printInfix(expression, binding);
    case 'select': {
      const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise];
      return wrap(`${print(condition, 1)} ? ${print(then, 1)} : ${print(otherwise, 0)}`, binding > 0);
    }
  }
}

function printIndexValue(at: IndexMap, binding: number): string {
  const text = printIndex(at);
  return wrap(text, binding > 0 && !/^\w+$/.test(text));
}

function printInfix(
  expression: Extract<Expression, { kind: 'binary' | 'compare' }>,
  binding: number,
): string {
  const { left, right } = expression;
  const { infix } = expression.kind === 'binary' ? BINARY_OPS[expression.op] : COMPARE_OPS[expression.op];
  if (infix === undefined) return `${expression.op}(${print(left, 0)}, ${print(right, 0)})`;
  const text = `${print(left, infix.binding)} ${infix.sign} ${print(right, infix.binding + 1)}`;
  return wrap(text, infix.binding < binding);
}

function printLoad(load: Extract<Expression, { kind: 'load' }>, binding: number): string {
  const element = `${load.operand}[${printIndex(load.at)}]`;
  if (load.when === undefined) return element;
  return wrap(`${print(load.when, 1)} ? ${element} : ${printNumber(load.otherwise ?? 0)}`, binding > 0);
}

function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function wrap(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}
