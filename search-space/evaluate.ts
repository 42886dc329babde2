import type { CompareOperator, ConstraintExpression } from './constraint.ts';
import { InputError } from './input-error.ts';
import type { PythonValue } from './python-arithmetic.ts';
import {
  compareText,
  divide,
  FAILED,
  floorDivide,
  holds,
  joinText,
  modulo,
  power,
  pythonValueOf,
  repeatText,
} from './python-arithmetic.ts';

/** A compiled expression: computes its value from slots. */
export type Evaluate = (slots: readonly PythonValue[]) => PythonValue;

/** The slot that holds an expression's value, if any. Called for every subexpression, names included. */
export type SlotOf = (part: ConstraintExpression) => number | undefined;

/**
 * Compiles an expression to a closure over slots, with Python's meaning; no text is ever run as code.
 * Throws InputError if a name has no slot, or for a list in place of a value.
 */
export function compile(expression: ConstraintExpression, slotOf: SlotOf): Evaluate {
  const slot = slotOf(expression);
  if (slot !== undefined) return (slots) => slots[slot];
  const part = (inner: ConstraintExpression) => compile(inner, slotOf);
  switch (expression.kind) {
    case 'constant': {
      const value = pythonValueOf(expression.value);
      return () => value;
    }
    case 'name':
      throw new InputError('constraint', `unknown parameter '${expression.name}'`);
    case 'list':
      throw new InputError('constraint', "a list may only stand after 'in', or in min and max");
    case 'unary':
      return unary(expression.op, part(expression.operand));
    case 'binary':
      return binary(expression.op, part(expression.left), part(expression.right));
    case 'compare':
      return comparison(expression, slotOf);
    case 'and':
    case 'or':
      return shortCircuit(expression.kind, expression.operands.map(part));
    case 'call':
      return call(expression.name, listed(expression.arguments).map(part));
  }
}

/** min([a, b]) means min(a, b). */
function listed(given: readonly ConstraintExpression[]): readonly ConstraintExpression[] {
  const only = given[0];
  return given.length === 1 && only.kind === 'list' ? only.items : given;
}

function unary(op: '-' | '+' | 'not', operand: Evaluate): Evaluate {
  if (op === 'not') {
    return (slots) => {
      const value = operand(slots);
      return Number.isNaN(value) ? FAILED : holds(value) ? 0 : 1;
    };
  }
  const sign = op === '-' ? -1 : 1;
  return (slots) => {
    const value = operand(slots);
    return typeof value === 'number' ? sign * value : FAILED;
  };
}

type BinaryOperator = Extract<ConstraintExpression, { kind: 'binary' }>['op'];

const arithmetic: Record<BinaryOperator, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': divide,
  '//': floorDivide,
  '%': modulo,
  '**': power,
};

/** The outcome of an operation on two numbers; FAILED if Python raises an error, or the result overflows a double. */
export function applyBinary(op: BinaryOperator, a: number, b: number): number {
  const result = arithmetic[op](a, b);
  return Number.isFinite(result) ? result : FAILED;
}

function binary(op: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  const apply = arithmetic[op];
  const applyToText = op === '+' ? joinText : op === '*' ? repeatText : () => FAILED;
  return (slots) => {
    const a = left(slots);
    const b = right(slots);
    if (typeof a !== 'number' || typeof b !== 'number') return applyToText(a, b);
    const result = apply(a, b);
    return Number.isFinite(result) ? result : FAILED;
  };
}

type Test = (a: PythonValue, b: PythonValue) => PythonValue;

/** One link of a chain: `test` gets the operand to its left, its own, and the slots (for a list's items). */
type Link = Readonly<{
  right: Evaluate;
  test: (left: PythonValue, right: PythonValue, slots: readonly PythonValue[]) => PythonValue;
}>;

/** A chain a < b <= c evaluates each operand once, and stops at the first false link. */
function comparison(chain: Extract<ConstraintExpression, { kind: 'compare' }>, slotOf: SlotOf): Evaluate {
  const first = compile(chain.first, slotOf);
  const links = chain.rest.map(({ op, operand }) => link(op, operand, slotOf));
  if (links.length === 1) {
    const { right, test } = links[0];
    return (slots) => test(first(slots), right(slots), slots);
  }
  return (slots) => {
    let left = first(slots);
    for (const { right, test } of links) {
      const value = right(slots);
      const outcome = test(left, value, slots);
      if (outcome !== 1) return outcome;
      left = value;
    }
    return 1;
  };
}

function link(op: CompareOperator, operand: ConstraintExpression, slotOf: SlotOf): Link {
  if (operand.kind !== 'list') return { right: compile(operand, slotOf), test: tests[op] };
  if (op !== 'in' && op !== 'not in') {
    throw new InputError('constraint', `a list may not stand after '${op}', only after 'in'`);
  }
  const found = op === 'in' ? 1 : 0;
  const constants = constantsIn(operand.items);
  if (constants !== undefined)
    return { right: () => FAILED, test: (left) => isAmong(left, constants, found) };
  const items = operand.items.map((item) => compile(item, slotOf));
  return { right: () => FAILED, test: (left, _, slots) => membership(left, items, slots, found) };
}

/** Undefined where an item is no constant, or a text or number that nothing equals. */
function constantsIn(items: readonly ConstraintExpression[]): ReadonlySet<PythonValue> | undefined {
  const values = new Set<PythonValue>();
  for (const item of items) {
    const value = item.kind === 'constant' ? pythonValueOf(item.value) : FAILED;
    if (Number.isNaN(value)) return undefined;
    values.add(value);
  }
  return values;
}

function isAmong(left: PythonValue, values: ReadonlySet<PythonValue>, found: 0 | 1): PythonValue {
  if (Number.isNaN(left)) return FAILED;
  return values.has(left) ? found : 1 - found;
}

function membership(
  left: PythonValue,
  items: readonly Evaluate[],
  slots: readonly PythonValue[],
  found: 0 | 1,
): PythonValue {
  const values = items.map((item) => item(slots));
  if (Number.isNaN(left) || values.some((value) => Number.isNaN(value))) return FAILED;
  return values.includes(left) ? found : 1 - found;
}

function ordered(order: (a: number, b: number) => boolean): Test {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') {
      return order(a, b) ? 1 : !(Number.isNaN(a) || Number.isNaN(b)) ? 0 : FAILED;
    }
    if (typeof a === 'string' && typeof b === 'string') return order(compareText(a, b), 0) ? 1 : 0;
    return FAILED;
  };
}

function within(found: 0 | 1): Test {
  return (a, b) => {
    if (typeof a !== 'string' || typeof b !== 'string') return FAILED;
    return b.includes(a) ? found : 1 - found;
  };
}

const tests: Record<CompareOperator, Test> = {
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
  '==': (a, b) => (a === b ? 1 : !(Number.isNaN(a) || Number.isNaN(b)) ? 0 : FAILED),
  '!=': (a, b) => (a === b ? 0 : !(Number.isNaN(a) || Number.isNaN(b)) ? 1 : FAILED),
  in: within(1),
  'not in': within(0),
};

/** Python's `and` and `or` yield the operand that decided. */
function shortCircuit(kind: 'and' | 'or', operands: readonly Evaluate[]): Evaluate {
  const decisive = kind === 'or';
  return (slots) => {
    let value: PythonValue = decisive ? 0 : 1;
    for (const operand of operands) {
      value = operand(slots);
      if (Number.isNaN(value) || holds(value) === decisive) return value;
    }
    return value;
  };
}

function call(name: 'min' | 'max' | 'abs', given: readonly Evaluate[]): Evaluate {
  if (name === 'abs') {
    const operand = given[0];
    return (slots) => {
      const value = operand(slots);
      return typeof value === 'number' ? Math.abs(value) : FAILED;
    };
  }
  const replaces = name === 'min' ? tests['<'] : tests['>'];
  return (slots) => {
    let chosen = given[0](slots);
    for (let i = 1; i < given.length; i++) {
      const value = given[i](slots);
      const outcome = replaces(value, chosen);
      if (Number.isNaN(outcome)) return FAILED;
      if (outcome === 1) chosen = value;
    }
    return chosen;
  };
}
