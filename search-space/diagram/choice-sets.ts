import type { WorkMeter } from './meter.ts';

/**
 * Sets of the values that a parameter may still take, each known by a number: equal sets have the same.
 * A member is a place in the parameter's list of choices; members ascend. `ALL` is every choice.
 */
export class ChoiceSets {
  static readonly ALL = 0;
  static readonly NONE = -1;

  readonly #count: number;
  readonly #meter: WorkMeter;
  readonly #members: Int32Array[];
  readonly #numbers = new Map<number, number[]>();
  readonly #meets = new Map<number, number>();

  /** @param count how many choices there are */
  constructor(count: number, meter: WorkMeter) {
    this.#count = count;
    this.#meter = meter;
    this.#members = [Int32Array.from({ length: count }, (_, choice) => choice)];
  }

  members(set: number): Int32Array {
    return this.#members[set];
  }

  /** The number of the set with these members, which must ascend. */
  numberOf(members: Int32Array): number {
    if (members.length === this.#count) return ChoiceSets.ALL;
    if (members.length === 0) return ChoiceSets.NONE;
    const hash = hashOf(members);
    const candidates = this.#numbers.get(hash) ?? [];
    const known = candidates.find((number) => areEqual(this.#members[number], members));
    if (known !== undefined) return known;
    this.#meter.hold(bytesOfSet + members.byteLength);
    this.#members.push(members);
    this.#numbers.set(hash, [...candidates, this.#members.length - 1]);
    return this.#members.length - 1;
  }

  /** The number of what two sets have in common. */
  meet(a: number, b: number): number {
    if (a === ChoiceSets.ALL || a === b) return b;
    if (b === ChoiceSets.ALL) return a;
    if (a === ChoiceSets.NONE || b === ChoiceSets.NONE) return ChoiceSets.NONE;
    const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
    const known = this.#meets.get(key);
    if (known !== undefined) return known;
    this.#meter.spend(1 + (this.#members[a].length + this.#members[b].length) / 16);
    const met = this.numberOf(common(this.#members[a], this.#members[b]));
    this.#meets.set(key, met);
    return met;
  }
}

/** Beside its members: its places in the lists and tables. */
const bytesOfSet = 128;

function hashOf(members: Int32Array): number {
  let hash = members.length;
  for (const member of members) hash = Math.imul(hash ^ member, 0x01000193);
  return hash;
}

function areEqual(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}

function common(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(Math.min(a.length, b.length));
  let length = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] < b[j]) i++;
    else if (a[i] > b[j]) j++;
    else {
      both[length++] = a[i++];
      j++;
    }
  }
  return both.slice(0, length);
}
