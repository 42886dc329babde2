import type { BinaryOp, CompareOp, Expression, IndexMap } from './ir.ts';

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

type Infix = Readonly<{ sign: string; binding: number }>;

const INFIX: Readonly<Partial<Record<BinaryOp | CompareOp, Infix>>> = {
  or: { sign: '|', binding: 1 },
  xor: { sign: '^', binding: 2 },
  and: { sign: '&', binding: 3 },
  eq: { sign: '==', binding: 4 },
  ne: { sign: '!=', binding: 4 },
  lt: { sign: '<', binding: 5 },
  le: { sign: '<=', binding: 5 },
  gt: { sign: '>', binding: 5 },
  ge: { sign: '>=', binding: 5 },
  shl: { sign: '<<', binding: 6 },
  shr: { sign: '>>', binding: 6 },
  add: { sign: '+', binding: 7 },
  sub: { sign: '-', binding: 7 },
  mul: { sign: '*', binding: 8 },
  div: { sign: '/', binding: 8 },
  rem: { sign: '%', binding: 8 },
};
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
    case 'unary':
      if (expression.op === 'neg') return `-${print(expression.operand, UNARY_BINDING)}`;
      return `${expression.op}(${print(expression.operand, 0)})`;
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
  { op, left, right }: Extract<Expression, { kind: 'binary' | 'compare' }>,
  binding: number,
): string {
  const infix = INFIX[op];
  if (infix === undefined) return `${op}(${print(left, 0)}, ${print(right, 0)})`;
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
