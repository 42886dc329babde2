import type { CompareOperator, ConstraintExpression } from '../constraint.ts';
import { partsOf } from '../expression-parts.ts';
import type { Analysis } from './analysis.ts';
import { cutBefore, modulusBefore, movementOf, type Side } from './inverse.ts';
import type { WorkMeter } from './meter.ts';
import { bothNeeds, type Need, needOf, nextDouble, TRUTH } from './need.ts';
import type { ValueSets } from './value-sets.ts';

type Binary = Extract<ConstraintExpression, { kind: 'binary' }>;
type Comparison = Extract<ConstraintExpression, { kind: 'compare' }>;
type PartNeed = readonly [part: ConstraintExpression, need: Need];

const seenFromRight: Readonly<Record<CompareOperator, CompareOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
  in: '==',
  'not in': '==',
};

/** More cuts and values than this are not combined. */
const mostPairs = 2 ** 17;

/**
 * Finds what a constraint needs to know of each of its parts, whatever values the other parts have: numbers
 * that do not differ in this are the same to it. It goes from the comparisons downwards: where a sum must be
 * at least c and one operand can be 1, 2 or 3, of the other it matters only on which side of c − 1, c − 2 and
 * c − 3 it is; where a remainder by m is compared, only the remainder.
 */
export class NeedFinder {
  readonly #analysis: Analysis;
  readonly #values: ValueSets;
  readonly #meter: WorkMeter;

  constructor(analysis: Analysis, values: ValueSets, meter: WorkMeter) {
    this.#analysis = analysis;
    this.#values = values;
    this.#meter = meter;
  }

  /** The needs of a constraint's parts, and of their parts. */
  find(constraint: ConstraintExpression): ReadonlyMap<ConstraintExpression, Need> {
    const needs = new Map<ConstraintExpression, Need>();
    const visit = (expression: ConstraintExpression, given: Need): void => {
      const need = this.#clipped(expression, given);
      const known = needs.get(expression);
      needs.set(expression, known === undefined ? need : bothNeeds(known, need));
      for (const [part, inner] of this.#partNeeds(expression, need)) visit(part, inner);
    };
    visit(constraint, TRUTH);
    return needs;
  }

  /** Without the cuts that are beyond what the expression can be. */
  #clipped(expression: ConstraintExpression, need: Need): Need {
    const { low, high, whole, numeric } = this.#analysis.facts(expression);
    if (need === 'value' || !numeric || (need.modulus > 1 && !whole)) return 'value';
    return { ...need, cuts: need.cuts.filter((cut) => cut > low && cut <= high) };
  }

  #partNeeds(expression: ConstraintExpression, need: Need): readonly PartNeed[] {
    const each = (inner: Need) => partsOf(expression).map((part): PartNeed => [part, inner]);
    const ofTruths = () =>
      each(partsOf(expression).every((part) => this.#analysis.isTruth(part)) ? TRUTH : 'value');
    switch (expression.kind) {
      case 'compare':
        return this.#ofComparison(expression);
      case 'and':
      case 'or':
        return ofTruths();
      case 'unary':
        if (expression.op === 'not') return ofTruths();
        return each(expression.op === '-' ? this.#mirrored(expression.operand, need) : need);
      case 'binary':
        return [
          [expression.left, this.#operandNeed(expression, 'left', need)],
          [expression.right, this.#operandNeed(expression, 'right', need)],
        ];
      case 'call':
        if (expression.name === 'abs') return each(this.#ofBothSigns(expression.arguments[0], need));
        return each(need !== 'value' && need.modulus === 1 ? need : 'value');
      default:
        return each('value');
    }
  }

  /** Each side is cut where the other can be. */
  #ofComparison({ first, rest }: Comparison): readonly PartNeed[] {
    const [{ op, operand }] = rest;
    if (rest.length > 1) return partsOf({ kind: 'compare', first, rest }).map((part) => [part, 'value']);
    const others = operand.kind === 'list' ? operand.items : [operand];
    const open = others.filter((other) => this.#analysis.facts(other).variables.length > 0);
    return [
      [first, this.#sideNeed(first, op, others)],
      ...open.map((other): PartNeed => [other, this.#sideNeed(other, seenFromRight[op], [first])]),
    ];
  }

  #sideNeed(side: ConstraintExpression, op: CompareOperator, others: readonly ConstraintExpression[]): Need {
    const lists = others.map((other) => this.#values.of(other));
    const { integral, numeric } = this.#analysis.facts(side);
    if (!numeric || !lists.every((list) => list !== undefined)) return 'value';
    const values = lists.flat();
    this.#meter.spend(values.length);
    const from = (value: number) => (integral ? Math.ceil(value) : value);
    const above = (value: number) => (integral ? Math.floor(value) + 1 : nextDouble(value));
    if (op === '<' || op === '>=') return needOf(values.map(from), 1);
    if (op === '<=' || op === '>') return needOf(values.map(above), 1);
    return needOf([...values.map(from), ...values.map(above)], 1);
  }

  #operandNeed({ op, left, right }: Binary, side: Side, need: Need): Need {
    const [part, sibling] = side === 'left' ? [left, right] : [right, left];
    const facts = this.#analysis.facts(part);
    if (need === 'value' || !(need.modulus > 1 ? facts.whole : facts.integral)) return 'value';
    // A remainder goes through sums and products of whole numbers, however many values they have.
    const passes = op === '+' || op === '-' || op === '*';
    if (need.cuts.length === 0 && passes && this.#analysis.facts(sibling).whole) return need;
    const values = this.#values.of(sibling);
    const modulus = values && modulusBefore(op, side, need, values);
    if (values === undefined || modulus === undefined) return 'value';
    if (op === '%') return needOf([], modulus);
    if (need.cuts.length * values.length > mostPairs) return 'value';
    this.#meter.spend(need.cuts.length * values.length);
    const cuts: number[] = [];
    for (const other of values) {
      const movement = movementOf(op, side, other, facts);
      if (movement === 'unknown') return 'value';
      if (movement === 'none') continue;
      for (const cut of need.cuts) {
        const before = cutBefore(movement, cut, facts);
        if (before === 'unknown') return 'value';
        if (before !== 'none') cuts.push(before);
      }
    }
    return needOf(cuts, modulus);
  }

  /** −v is at least c where v is not at least 1 − c. */
  #mirrored(operand: ConstraintExpression, need: Need): Need {
    if (need === 'value' || !this.#analysis.facts(operand).integral) return 'value';
    return needOf(
      need.cuts.map((cut) => 1 - cut),
      need.modulus,
    );
  }

  #ofBothSigns(operand: ConstraintExpression, need: Need): Need {
    if (need === 'value' || !this.#analysis.facts(operand).integral) return 'value';
    return needOf([0, ...need.cuts.flatMap((cut) => [cut, 1 - cut])], need.modulus);
  }
}
