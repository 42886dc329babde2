const FIRST_ROOM = 1024;

/**
 * A number for each of many whole numbers from 0, in two flat arrays: a million take 32 MB, where a Map of
 * numbers takes several times as much. Open addressing with linear probing, at most half full.
 */
export class NumberTable {
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
