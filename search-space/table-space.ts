import type { Constraint } from './constraint.ts';
import { testOf } from './explain.ts';
import { InputError } from './input-error.ts';
import type { Configuration, Parameter, Value } from './parameter.ts';
import { integerBelow, type Random } from './random.ts';
import type { Restriction } from './restriction.ts';
import { restrictionConstraints } from './restriction-constraints.ts';
import type { SearchSpace } from './search-space.ts';
import { dataHash, hashed } from './space-hash.ts';

/**
 * A space given as a list of its members. Each row has a value for each parameter, in parameter order.
 * Members are sorted by their digits, so the order of rows does not matter. Throws InputError for a row of
 * the wrong length, an unknown value, a repeated row, and no rows.
 */
export function tableSpace(
  parameters: readonly Parameter[],
  rows: readonly (readonly Value[])[],
): SearchSpace {
  const places = parameters.map(({ values }) => new Map(values.map((value, digit) => [value, digit])));
  const members = rows.map((row, number) => digitsOf(row, number, parameters, places));
  members.sort(compareDigits);
  if (members.length === 0)
    throw new InputError('rows', 'are none', 'a space needs at least one configuration');
  members.forEach((member, i) => {
    if (i > 0 && compareDigits(members[i - 1], member) === 0) {
      throw new InputError('rows', `hold ${JSON.stringify(configurationOf(parameters, member))} twice`);
    }
  });
  return new TableSpace(parameters, members);
}

class TableSpace implements SearchSpace {
  readonly parameters: readonly Parameter[];
  /** What it was restricted by; the members follow from the rows. */
  readonly constraints: readonly Constraint[];
  readonly size: number;
  readonly hash: string;
  readonly #members: readonly Int32Array[];

  constructor(
    parameters: readonly Parameter[],
    members: readonly Int32Array[],
    constraints: readonly Constraint[] = [],
  ) {
    this.parameters = parameters;
    this.constraints = Object.freeze(constraints);
    this.size = members.length;
    this.#members = members;
    this.hash = hashOf(parameters, members);
  }

  at(index: number): Configuration {
    return this.configurationOf(this.#member(index));
  }

  indexOf(configuration: Configuration): number {
    if (Object.keys(configuration).length !== this.parameters.length) return -1;
    return this.indexOfDigits(
      Int32Array.from(this.parameters, ({ name, values }) => values.indexOf(configuration[name])),
    );
  }

  has(configuration: Configuration): boolean {
    return this.indexOf(configuration) >= 0;
  }

  digitsAt(index: number): Int32Array {
    return this.#member(index).slice();
  }

  indexOfDigits(digits: Int32Array): number {
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compareDigits(this.#members[middle], digits);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  configurationOf(digits: Int32Array): Configuration {
    return configurationOf(this.parameters, digits);
  }

  sample(random: Random): number {
    return integerBelow(random, this.size);
  }

  neighbours(index: number, reach: 'adjacent' | 'hamming'): readonly number[] {
    const digits = this.digitsAt(index);
    return this.parameters.flatMap((parameter, place) =>
      reach === 'adjacent' && parameter.kind === 'ordinal'
        ? [this.#next(digits, place, -1), this.#next(digits, place, 1)].filter((found) => found >= 0)
        : this.#others(digits, place),
    );
  }

  nearest(digits: Int32Array): number {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    this.#members.forEach((member, index) => {
      const distance = distanceBetween(member, digits);
      if (distance >= least) return;
      least = distance;
      nearest = index;
    });
    return nearest;
  }

  digitsLeft(place: number, digits: Int32Array): readonly number[] {
    const left = this.#members.filter((member) =>
      digits.every((digit, i) => digit < 0 || digit === member[i]),
    );
    return [...new Set(left.map((member) => member[place]))].sort((a, b) => a - b);
  }

  restrict(restriction: Restriction): SearchSpace | null {
    const { parameters } = this;
    const more = restrictionConstraints(restriction, parameters);
    const tests = more.map((constraint) => testOf(constraint, parameters));
    const kept = this.#members.filter((digits) => {
      const configuration = this.configurationOf(digits);
      return tests.every((test) => test(configuration));
    });
    return kept.length === 0 ? null : new TableSpace(parameters, kept, [...this.constraints, ...more]);
  }

  #member(index: number): Int32Array {
    const member = this.#members[index];
    if (member === undefined) throw new RangeError(`index ${index} is outside 0 … ${this.size - 1}`);
    return member;
  }

  /** The nearest member in one direction along one parameter, with all other digits equal. */
  #next(from: Int32Array, place: number, step: -1 | 1): number {
    const digits = from.slice();
    const end = step < 0 ? -1 : this.parameters[place].values.length;
    for (digits[place] += step; digits[place] !== end; digits[place] += step) {
      const found = this.indexOfDigits(digits);
      if (found >= 0) return found;
    }
    return -1;
  }

  #others(from: Int32Array, place: number): number[] {
    const found: number[] = [];
    const digits = from.slice();
    for (let digit = 0; digit < this.parameters[place].values.length; digit++) {
      digits[place] = digit;
      const index = digit === from[place] ? -1 : this.indexOfDigits(digits);
      if (index >= 0) found.push(index);
    }
    return found;
  }
}

function digitsOf(
  row: readonly Value[],
  number: number,
  parameters: readonly Parameter[],
  places: readonly ReadonlyMap<Value, number>[],
): Int32Array {
  if (row.length !== parameters.length) {
    throw new InputError(`rows[${number}]`, `has ${row.length} values for ${parameters.length} parameters`);
  }
  return Int32Array.from(row, (value, place) => {
    const digit = places[place].get(value);
    if (digit !== undefined) return digit;
    const { name, values } = parameters[place];
    throw new InputError(
      `rows[${number}].${name}`,
      `${JSON.stringify(value)} is not among ${JSON.stringify(values)}`,
    );
  });
}

function configurationOf(parameters: readonly Parameter[], digits: Int32Array): Configuration {
  return Object.freeze(
    Object.fromEntries(parameters.map(({ name, values }, i) => [name, values[digits[i]]])),
  );
}

function compareDigits(a: Int32Array, b: Int32Array): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return 0;
}

/** Orders by the number of digits that differ, then by their steps. */
function distanceBetween(a: Int32Array, b: Int32Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) distance += 1 + Math.abs(a[i] - b[i]) / 1000;
  }
  return distance;
}

function hashOf(parameters: readonly Parameter[], members: readonly Int32Array[]): string {
  return dataHash({ parameters: hashed(parameters), members: members.map((member) => member.join()) });
}
