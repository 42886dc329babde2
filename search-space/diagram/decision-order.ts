import type { ConstraintExpression } from '../constraint.ts';
import type { Analysis } from './analysis.ts';

/** The order in which a group's parameters get their values, one a level, and what is known when. */
export class DecisionOrder {
  /** The parameter of each level, by its place in the space. */
  readonly places: readonly number[];
  readonly #analysis: Analysis;
  readonly #levelOf = new Map<number, number>();
  readonly #first = new Map<ConstraintExpression, number>();
  readonly #last = new Map<ConstraintExpression, number>();

  constructor(places: readonly number[], analysis: Analysis) {
    this.places = places;
    this.#analysis = analysis;
    places.forEach((place, level) => {
      this.#levelOf.set(place, level);
    });
  }

  /** The level at which an expression's first parameter gets its value; infinite for a constant. */
  firstLevel(expression: ConstraintExpression): number {
    const known = this.#first.get(expression);
    if (known !== undefined) return known;
    const first = this.levelsOf(expression).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    this.#first.set(expression, first);
    return first;
  }

  /** The level at which its last parameter gets a value, so that its own value is known; −1 for a constant. */
  lastLevel(expression: ConstraintExpression): number {
    const known = this.#last.get(expression);
    if (known !== undefined) return known;
    const last = this.levelsOf(expression).reduce((a, b) => Math.max(a, b), -1);
    this.#last.set(expression, last);
    return last;
  }

  /** The levels at which an expression's parameters get their values, in no order. */
  levelsOf(expression: ConstraintExpression): readonly number[] {
    return this.#analysis.facts(expression).variables.map((place) => this.#levelOf.get(place) ?? -1);
  }
}
