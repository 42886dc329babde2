import type { ConstraintExpression } from '../constraint.ts';
import { applyBinary } from '../evaluate.ts';
import type { Analysis } from './analysis.ts';
import type { WorkMeter } from './meter.ts';

/** More values than this are not listed, and more pairs are not tried. */
const mostValues = 2 ** 14;
const mostPairs = 2 ** 17;

/**
 * Lists the numbers that an expression can be, each parameter taking each of its values on its own. There may
 * be more in the list than can really be, never fewer.
 */
export class ValueSets {
  readonly #analysis: Analysis;
  readonly #meter: WorkMeter;
  readonly #known = new Map<ConstraintExpression, readonly number[] | undefined>();

  constructor(analysis: Analysis, meter: WorkMeter) {
    this.#analysis = analysis;
    this.#meter = meter;
  }

  /** Undefined where there are too many to list, or not all are numbers. */
  of(expression: ConstraintExpression): readonly number[] | undefined {
    if (this.#known.has(expression)) return this.#known.get(expression);
    const values = this.#analysis.facts(expression).numeric ? this.#list(expression) : undefined;
    const few = values !== undefined && values.length <= mostValues ? values : undefined;
    this.#known.set(expression, few);
    return few;
  }

  #list(expression: ConstraintExpression): readonly number[] | undefined {
    if (this.#analysis.isTruth(expression)) return [0, 1];
    switch (expression.kind) {
      case 'constant':
        return [Number(expression.value)];
      case 'name':
        return this.#analysis.domain(expression.name)?.values.map(Number);
      case 'unary':
        return this.of(expression.operand)?.map((value) => (expression.op === '-' ? -value : value));
      case 'binary':
        return this.#pairs(expression.left, expression.right, (a, b) => applyBinary(expression.op, a, b));
      case 'call': {
        if (expression.name === 'abs') return this.of(expression.arguments[0])?.map(Math.abs);
        const lists = expression.arguments.map((argument) => this.of(argument));
        return lists.every((list) => list !== undefined) ? [...new Set(lists.flat())] : undefined;
      }
      default:
        return undefined;
    }
  }

  #pairs(
    left: ConstraintExpression,
    right: ConstraintExpression,
    apply: (a: number, b: number) => number,
  ): readonly number[] | undefined {
    const first = this.of(left);
    const second = this.of(right);
    if (first === undefined || second === undefined) return undefined;
    if (first.length * second.length > mostPairs) return undefined;
    this.#meter.spend(first.length * second.length);
    const values = new Set<number>();
    for (const a of first) {
      for (const b of second) {
        const value = apply(a, b);
        if (!Number.isNaN(value)) values.add(value);
      }
    }
    return [...values];
  }
}
