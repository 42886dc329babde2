import { modulo, type PythonValue } from '../python-arithmetic.ts';
import type { WorkMeter } from './meter.ts';

/**
 * What a constraint has to know of a number: between which cuts it lies (a cut at c parts the numbers
 * below c from the others), and what remains of it by a modulus. 'value' is the number itself.
 */
export type Need = Readonly<{ cuts: readonly number[]; modulus: number }> | 'value';

/** Whether a truth value holds. */
export const TRUTH: Need = Object.freeze({ cuts: [1], modulus: 1 });

const mostCuts = 2 ** 15;
const mostModulus = 2 ** 24;

/** A need of these cuts, in any order; 'value' where they are too many to be of use. */
export function needOf(cuts: readonly number[], modulus: number): Need {
  const different = [...new Set(cuts)].sort((a, b) => a - b);
  return different.length > mostCuts ? 'value' : { cuts: different, modulus };
}

/** What two needs ask for together. */
export function bothNeeds(a: Need, b: Need): Need {
  if (a === 'value' || b === 'value') return 'value';
  const modulus = commonMultiple([a.modulus, b.modulus]);
  return modulus === undefined ? 'value' : needOf([...a.cuts, ...b.cuts], modulus);
}

/** The least common multiple of whole numbers above 0; undefined where it is too large to be of use. */
export function commonMultiple(numbers: readonly number[]): number | undefined {
  let multiple = 1;
  for (const number of numbers) {
    multiple = (multiple / commonDivisor(multiple, number)) * number;
    if (multiple > mostModulus) return undefined;
  }
  return multiple;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Of a number in the two tables below. */
const bytesOfValue = 64;

/** Stands one number for all that a need does not tell apart: the first one that was seen of them. */
export class Representatives {
  readonly #need: Exclude<Need, 'value'>;
  readonly #meter: WorkMeter;
  readonly #byValue = new Map<number, number>();
  readonly #byCell = new Map<number, number>();

  constructor(need: Exclude<Need, 'value'>, meter: WorkMeter) {
    this.#need = need;
    this.#meter = meter;
  }

  of(value: PythonValue): PythonValue {
    if (typeof value === 'string' || Number.isNaN(value)) return value;
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    this.#meter.hold(bytesOfValue);
    const cell = this.#cellOf(value);
    const first = this.#byCell.get(cell) ?? value;
    this.#byCell.set(cell, first);
    this.#byValue.set(value, first);
    return first;
  }

  #cellOf(value: number): number {
    const { cuts, modulus } = this.#need;
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cuts[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return modulus === 1 ? low : low * modulus + modulo(value, modulus);
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** The least double above a finite one. */
export function nextDouble(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}
