import type { Constraint } from './constraint.ts';
import { rankOf, writeDigits } from './diagram/diagram.ts';
import { digitsLeft } from './diagram/digits-left.ts';
import type { Factored } from './diagram/groups.ts';
import { InputError } from './input-error.ts';
import { nearestOf, neighboursOf } from './neighbours.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import { integerBelow, type Random } from './random.ts';
import type { SearchSpace } from './search-space.ts';
import { spaceHash } from './space-hash.ts';

/** A space as a product of independent diagrams: an index is a mixed-radix number with one digit for each diagram. */
export class FactoredSpace implements SearchSpace {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Constraint[];
  readonly size: number;
  readonly restrict: SearchSpace['restrict'];
  readonly #factored: Factored;
  readonly #digitOf: readonly ReadonlyMap<Value, number>[];
  #hash: string | undefined;

  constructor(
    parameters: readonly Parameter[],
    constraints: readonly Constraint[],
    factored: Factored,
    restrict: SearchSpace['restrict'],
  ) {
    this.parameters = parameters;
    this.constraints = constraints;
    this.size = factored.diagrams.reduce((size, diagram) => size * diagram.size, 1);
    if (!Number.isSafeInteger(this.size)) {
      throw new InputError('parameters', 'make more than 2^53 − 1 configurations', 'remove some values');
    }
    this.restrict = restrict;
    this.#factored = factored;
    this.#digitOf = parameters.map(({ values }) => new Map(values.map((value, digit) => [value, digit])));
  }

  get hash(): string {
    this.#hash ??= spaceHash(this.parameters, this.constraints);
    return this.#hash;
  }

  at(index: number): Configuration {
    return this.configurationOf(this.digitsAt(index));
  }

  indexOf(configuration: Configuration): number {
    if (Object.keys(configuration).length !== this.parameters.length) return -1;
    const digits = new Int32Array(this.parameters.length);
    for (let place = 0; place < digits.length; place++) {
      const { name } = this.parameters[place];
      const digit = Object.hasOwn(configuration, name)
        ? this.#digitOf[place].get(configuration[name])
        : undefined;
      if (digit === undefined) return -1;
      digits[place] = digit;
    }
    return this.indexOfDigits(digits);
  }

  has(configuration: Configuration): boolean {
    return this.indexOf(configuration) >= 0;
  }

  digitsAt(index: number): Int32Array {
    if (!Number.isInteger(index) || index < 0 || index >= this.size) {
      throw new RangeError(`index ${index} is not a whole number from 0 to ${this.size - 1}`);
    }
    const digits = new Int32Array(this.parameters.length);
    const { diagrams } = this.#factored;
    let rest = index;
    for (let i = diagrams.length - 1; i >= 0; i--) {
      const { size } = diagrams[i];
      const rank = rest % size;
      writeDigits(diagrams[i], rank, digits);
      rest = (rest - rank) / size;
    }
    return digits;
  }

  indexOfDigits(digits: Int32Array): number {
    let index = 0;
    for (const diagram of this.#factored.diagrams) {
      const rank = rankOf(diagram, digits);
      if (rank < 0) return -1;
      index = index * diagram.size + rank;
    }
    return index;
  }

  configurationOf(digits: Int32Array): Configuration {
    const configuration: Record<string, Value> = {};
    for (let place = 0; place < this.parameters.length; place++) {
      const { name, values } = this.parameters[place];
      configuration[name] = values[digits[place]];
    }
    return Object.freeze(configuration);
  }

  sample(random: Random): number {
    return integerBelow(random, this.size);
  }

  neighbours(index: number, reach: 'adjacent' | 'hamming'): readonly number[] {
    return neighboursOf(this, this.#factored, index, reach);
  }

  nearest(digits: Int32Array): number {
    return nearestOf(this, this.#factored, digits);
  }

  digitsLeft(place: number, digits: Int32Array): readonly number[] {
    return digitsLeft(this.#factored.decided[place].diagram, place, digits);
  }
}
