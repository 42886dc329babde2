import type { CompareOperator, ConstraintExpression } from '../constraint.ts';
import { compile, type Evaluate } from '../evaluate.ts';
import { holds, type PythonValue } from '../python-arithmetic.ts';
import type { Analysis } from './analysis.ts';
import type { Bounds } from './bounds.ts';
import { ChoiceSets } from './choice-sets.ts';
import type { WorkMeter } from './meter.ts';
import { StateTable } from './state-table.ts';
import { type Monotonicity, monotonicityOf } from './trend.ts';

/** What a constraint looks like once only one parameter is open. */
export type LastParameter = Readonly<{
  expression: ConstraintExpression;
  /** The open parameter, and its values in the order of its choices. */
  place: number;
  operands: readonly PythonValue[];
  sets: ChoiceSets;
  /** The known parts of the constraint, and the slots they are in. */
  parts: readonly ConstraintExpression[];
  slots: readonly number[];
  /** Compiles what can be said without trying values. */
  bounds: () => Bounds;
}>;

/** Finds the choices of the one open parameter that satisfy a constraint, once for each state of its known parts. */
export class Closing {
  readonly #last: LastParameter;
  readonly #tests: readonly Test[];
  /** The choices in the order of their values, and whether that is the order of their digits. */
  readonly #ascending: Int32Array;
  readonly #isSorted: boolean;
  readonly #states: StateTable;
  readonly #sets: number[] = [];
  readonly #meter: WorkMeter;
  /** Whether it never fails to evaluate, so that its low bound may be trusted. */
  readonly #isSafe: boolean;
  #bounds: Bounds | undefined;
  readonly #key: PythonValue[];

  constructor(last: LastParameter, analysis: Analysis, meter: WorkMeter) {
    this.#last = last;
    this.#meter = meter;
    this.#isSafe = analysis.facts(last.expression).safe;
    this.#key = new Array<PythonValue>(last.parts.length + 1).fill(0);
    this.#states = new StateTable(last.parts.length);
    const isLong = last.operands.length > few;
    this.#tests = isLong
      ? testsOf(last, analysis)
      : [{ evaluate: testOf(last, last.expression, analysis), trend: 'unknown' }];
    this.#ascending = isLong ? ascending(last.operands) : new Int32Array();
    this.#isSorted = this.#ascending.every((choice, i) => choice === i);
  }

  /** The set of choices that satisfy the constraint in this state. */
  allowed(state: readonly PythonValue[]): number {
    const { slots } = this.#last;
    for (let i = 0; i < slots.length; i++) this.#key[i] = state[slots[i]];
    const number = this.#states.numberOf(this.#key);
    if (number === this.#sets.length) {
      this.#meter.hold(this.#states.bytes / this.#states.count);
      this.#sets.push(this.#find(state));
    }
    return this.#sets[number];
  }

  #find(state: readonly PythonValue[]): number {
    const { bounds, operands, sets } = this.#last;
    if (operands.length <= few) return sets.numberOf(this.#tried());
    if (this.#tests.every(isSteady)) return sets.numberOf(this.#searched());
    this.#bounds ??= bounds();
    if (this.#bounds.high(state) === 0) return ChoiceSets.NONE;
    if (this.#isSafe && this.#bounds.low(state) === 1) return ChoiceSets.ALL;
    return sets.numberOf(this.#tried());
  }

  /** Tries each choice. */
  #tried(): Int32Array {
    const { operands } = this.#last;
    this.#meter.spend(operands.length);
    const members: number[] = [];
    for (let choice = 0; choice < operands.length; choice++) {
      if (this.#tests.every(({ evaluate }) => this.#holds(evaluate, choice))) members.push(choice);
    }
    return Int32Array.from(members);
  }

  /** Halves the choices, in the order of their values, until it is found where each test turns. */
  #searched(): Int32Array {
    let from = 0;
    let to = this.#ascending.length;
    for (const { evaluate, trend } of this.#tests) {
      const turn = this.#turn(evaluate, trend === 'up');
      if (trend === 'up') from = Math.max(from, turn);
      else to = Math.min(to, turn);
    }
    const members = this.#ascending.slice(from, to);
    this.#meter.spend(1 + this.#tests.length * (Math.log2(this.#ascending.length) / 4) + members.length / 16);
    return this.#isSorted ? members : members.sort();
  }

  /** The first place in the order of values from where on the test has this outcome. */
  #turn(evaluate: Evaluate, outcome: boolean): number {
    let low = 0;
    let high = this.#ascending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#holds(evaluate, this.#ascending[middle]) === outcome) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #holds(evaluate: Evaluate, choice: number): boolean {
    this.#key[this.#key.length - 1] = this.#last.operands[choice];
    return holds(evaluate(this.#key));
  }
}

/** So few choices are simply tried. */
const few = 8;

type Test = Readonly<{ evaluate: Evaluate; trend: Monotonicity }>;

function isSteady({ trend }: Test): boolean {
  return trend === 'up' || trend === 'down';
}

function testOf(
  { place, parts }: LastParameter,
  expression: ConstraintExpression,
  analysis: Analysis,
): Evaluate {
  return compile(expression, (part) => {
    const known = parts.indexOf(part);
    if (known >= 0) return known;
    return part.kind === 'name' && analysis.domain(part.name)?.place === place ? parts.length : undefined;
  });
}

/** The constraint as tests that must all hold; an equation whose sides drift apart steadily is two. */
function testsOf(last: LastParameter, analysis: Analysis): readonly Test[] {
  const test = (expression: ConstraintExpression): Test => ({
    evaluate: testOf(last, expression, analysis),
    trend: monotonicityOf(expression, last.place, analysis),
  });
  const halves = halvesOf(last.expression, analysis).map(test);
  return halves.length > 0 && halves.every(isSteady) ? halves : [test(last.expression)];
}

/** a == b as a <= b and a >= b. */
function halvesOf(expression: ConstraintExpression, analysis: Analysis): readonly ConstraintExpression[] {
  if (expression.kind !== 'compare' || expression.rest.length > 1 || expression.rest[0].op !== '==')
    return [];
  const half = (op: CompareOperator) =>
    analysis.unique({ ...expression, rest: [{ ...expression.rest[0], op }] });
  return [half('<='), half('>=')];
}

function ascending(operands: readonly PythonValue[]): Int32Array {
  const choices = Int32Array.from(operands, (_, choice) => choice);
  return choices.sort((a, b) => Number(operands[a]) - Number(operands[b]));
}
