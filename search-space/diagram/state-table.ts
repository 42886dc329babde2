import type { PythonValue } from '../python-arithmetic.ts';

/** The bits of a double: huge and tiny numbers, too, must not share a place in the table. */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Numbers the different states of a level, from 0; a state is a row of operands. */
export class StateTable {
  readonly width: number;
  readonly #rows: PythonValue[] = [];
  readonly #textIds = new Map<string, number>();
  #slots = new Int32Array(64).fill(-1);
  #count = 0;

  constructor(width: number) {
    this.width = width;
  }

  get count(): number {
    return this.#count;
  }

  /** What its states take, about: eight bytes a slot, and their places in the table. */
  get bytes(): number {
    return this.#count * (8 * this.width + 16);
  }

  /** The number of a state, new or known. */
  numberOf(state: readonly PythonValue[]): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hash(state, 0) & mask;
    for (let number = this.#slots[slot]; number !== -1; number = this.#slots[slot]) {
      if (this.#isRow(number, state)) return number;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count;
    for (let i = 0; i < this.width; i++) this.#rows.push(state[i]);
    if (2 * ++this.#count > mask) this.#grow();
    return this.#count - 1;
  }

  /** Copies a numbered state into the first places of `into`. */
  read(number: number, into: PythonValue[]): void {
    const start = number * this.width;
    for (let i = 0; i < this.width; i++) into[i] = this.#rows[start + i];
  }

  #isRow(number: number, state: readonly PythonValue[]): boolean {
    const start = number * this.width;
    for (let i = 0; i < this.width; i++) {
      const known = this.#rows[start + i];
      // FAILED, which is NaN, equals itself here.
      if (known !== state[i] && !(Number.isNaN(known) && Number.isNaN(state[i]))) return false;
    }
    return true;
  }

  #grow(): void {
    const slots = new Int32Array(4 * this.#slots.length).fill(-1);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#count; number++) {
      let slot = this.#hash(this.#rows, number * this.width) & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
  }

  #hash(row: readonly PythonValue[], start: number): number {
    let hash = 0x9e3779b9;
    for (let i = start; i < start + this.width; i++) {
      hash = Math.imul(hash ^ this.#bits(row[i]), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #bits(value: PythonValue): number {
    if (typeof value === 'string') return this.#textId(value);
    const whole = value | 0;
    if (whole === value) return whole;
    double[0] = value;
    return words[0] ^ Math.imul(words[1], 0x9e3779b1);
  }

  #textId(text: string): number {
    const known = this.#textIds.get(text);
    if (known !== undefined) return known;
    this.#textIds.set(text, this.#textIds.size + 1);
    return this.#textIds.size;
  }
}
