import type { CompareOperator, Constraint, ConstraintExpression } from './constraint.ts';
import type { Value } from './parameter.ts';

type BinaryOperator = Extract<ConstraintExpression, { kind: 'binary' }>['op'];

/** An operand: a term, or a plain value. */
export type TermOrValue = Term | Value;

/**
 * An immutable expression; each method makes a new one: param('buffers').times(param('tile')).le(65536).
 */
export class Term {
  readonly expression: ConstraintExpression;

  constructor(expression: ConstraintExpression) {
    this.expression = expression;
  }

  plus(other: TermOrValue): Term {
    return this.#binary('+', other);
  }

  minus(other: TermOrValue): Term {
    return this.#binary('-', other);
  }

  times(other: TermOrValue): Term {
    return this.#binary('*', other);
  }

  /** True division: 7 / 2 is 3.5. */
  over(other: TermOrValue): Term {
    return this.#binary('/', other);
  }

  /** Division rounded down. */
  floorOver(other: TermOrValue): Term {
    return this.#binary('//', other);
  }

  /** The remainder, which has the divisor's sign. */
  mod(other: TermOrValue): Term {
    return this.#binary('%', other);
  }

  power(other: TermOrValue): Term {
    return this.#binary('**', other);
  }

  negated(): Term {
    return new Term({ kind: 'unary', op: '-', operand: this.expression });
  }

  lt(other: TermOrValue): Term {
    return this.#compare('<', other);
  }

  le(other: TermOrValue): Term {
    return this.#compare('<=', other);
  }

  gt(other: TermOrValue): Term {
    return this.#compare('>', other);
  }

  ge(other: TermOrValue): Term {
    return this.#compare('>=', other);
  }

  eq(other: TermOrValue): Term {
    return this.#compare('==', other);
  }

  ne(other: TermOrValue): Term {
    return this.#compare('!=', other);
  }

  isIn(values: readonly TermOrValue[]): Term {
    return this.#member('in', values);
  }

  isNotIn(values: readonly TermOrValue[]): Term {
    return this.#member('not in', values);
  }

  /** Whether division leaves no remainder: tile.divisibleBy(threads). */
  divisibleBy(other: TermOrValue): Term {
    return this.mod(other).eq(0);
  }

  /** Logical implication: false only if this holds and the consequence does not. */
  implies(consequence: TermOrValue): Term {
    return or(not(this), consequence);
  }

  #binary(op: BinaryOperator, other: TermOrValue): Term {
    return new Term({ kind: 'binary', op, left: this.expression, right: expressionOf(other) });
  }

  #compare(op: CompareOperator, other: TermOrValue): Term {
    return new Term({
      kind: 'compare',
      first: this.expression,
      rest: [{ op, operand: expressionOf(other) }],
    });
  }

  #member(op: 'in' | 'not in', values: readonly TermOrValue[]): Term {
    const operand = { kind: 'list', items: values.map(expressionOf) } as const;
    return new Term({ kind: 'compare', first: this.expression, rest: [{ op, operand }] });
  }
}

/** The value of a parameter. */
export function param(name: string): Term {
  return new Term({ kind: 'name', name });
}

/** A plain value as the first operand: value(4).times(param('tile')). */
export function value(constant: Value): Term {
  return new Term({ kind: 'constant', value: constant });
}

export function and(...operands: readonly [TermOrValue, ...TermOrValue[]]): Term {
  return new Term({ kind: 'and', operands: operands.map(expressionOf) });
}

export function or(...operands: readonly [TermOrValue, ...TermOrValue[]]): Term {
  return new Term({ kind: 'or', operands: operands.map(expressionOf) });
}

export function not(operand: TermOrValue): Term {
  return new Term({ kind: 'unary', op: 'not', operand: expressionOf(operand) });
}

export function min(...operands: readonly [TermOrValue, TermOrValue, ...TermOrValue[]]): Term {
  return new Term({ kind: 'call', name: 'min', arguments: operands.map(expressionOf) });
}

export function max(...operands: readonly [TermOrValue, TermOrValue, ...TermOrValue[]]): Term {
  return new Term({ kind: 'call', name: 'max', arguments: operands.map(expressionOf) });
}

export function abs(operand: TermOrValue): Term {
  return new Term({ kind: 'call', name: 'abs', arguments: [expressionOf(operand)] });
}

/** The product of all: product(param('tileM'), param('tileK'), 4). */
export function product(first: TermOrValue, ...others: readonly TermOrValue[]): Term {
  return others.reduce<Term>((term, other) => term.times(other), new Term(expressionOf(first)));
}

/** The sum of all. */
export function sum(first: TermOrValue, ...others: readonly TermOrValue[]): Term {
  return others.reduce<Term>((term, other) => term.plus(other), new Term(expressionOf(first)));
}

/**
 * A condition that every configuration must satisfy, with the sentence that explains a violation:
 * constraint(param('tile').times(8).le(262144), 'two tiles of f32 must fit the scratchpad').
 */
export function constraint(condition: Term, sentence: string): Constraint {
  return Object.freeze({ expression: condition.expression, sentence });
}

function expressionOf(operand: TermOrValue): ConstraintExpression {
  return operand instanceof Term ? operand.expression : { kind: 'constant', value: operand };
}
