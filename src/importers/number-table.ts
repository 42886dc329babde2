const FIRST_ROOM = 1024;

/** Keys for each of which there is a place, used or not: at most 32 MB, of which the system gives what is used. */
const MOST_PLACES = 2 ** 22;

/** A number other than 0 for each of many whole numbers from 0; a Map of numbers takes several times the memory. */
export interface NumberTable {
  readonly size: number;
  get(key: number): number | undefined;
  set(key: number, value: number): void;
}

/** A table for whole numbers below `bound`. */
export function numberTable(bound: number): NumberTable {
  return bound <= MOST_PLACES ? new DenseTable(bound) : new HashTable();
}

class DenseTable implements NumberTable {
  readonly #values: Float64Array;
  #size = 0;

  constructor(bound: number) {
    this.#values = new Float64Array(bound);
  }

  get size(): number {
    return this.#size;
  }

  get(key: number): number | undefined {
    const value = this.#values[key];
    return value === 0 ? undefined : value;
  }

  set(key: number, value: number): void {
    if (this.#values[key] === 0) this.#size += 1;
    this.#values[key] = value;
  }
}

/** Open addressing with linear probing in two flat arrays, at most half full: a million take 32 MB. */
class HashTable implements NumberTable {
  #keys = new Float64Array(FIRST_ROOM).fill(-1);
  #values = new Float64Array(FIRST_ROOM);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: number): number | undefined {
    const place = this.#placeOf(key);
    return this.#keys[place] === key ? this.#values[place] : undefined;
  }

  set(key: number, value: number): void {
    if (2 * this.#size >= this.#keys.length) this.#grow();
    const place = this.#placeOf(key);
    if (this.#keys[place] !== key) this.#size += 1;
    this.#keys[place] = key;
    this.#values[place] = value;
  }

  /** Where the key stands, or the free place where it would. */
  #placeOf(key: number): number {
    const mask = this.#keys.length - 1;
    const mixed = Math.imul((key % 2 ** 32) | 0, 0x9e3779b1) ^ Math.imul((key / 2 ** 32) | 0, 0x85ebca6b);
    let place = (mixed ^ (mixed >>> 15)) & mask;
    while (this.#keys[place] !== -1 && this.#keys[place] !== key) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(2 * keys.length).fill(-1);
    this.#values = new Float64Array(2 * keys.length);
    for (const [at, key] of keys.entries()) {
      if (key === -1) continue;
      const place = this.#placeOf(key);
      this.#keys[place] = key;
      this.#values[place] = values[at];
    }
  }
}
