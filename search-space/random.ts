/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A generator whose stream depends on its keys alone, so that the draw for trial n of a study is the same
 * in a study that was killed and resumed.
 * Keys are hashed (FNV-1a, then a murmur3 finisher); the stream is sfc32 (PractRand; C. Doty-Humphrey).
 */
export function randomFor(...keys: readonly (string | number)[]): Random {
  let a = hash32(keys, 0x9e3779b9);
  let b = hash32(keys, 0x243f6a88);
  let c = hash32(keys, 0xb7e15162);
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  // 53 bits: two draws, so that spaces beyond 2^32 configurations are sampled evenly.
  return () => (next() * 0x200000 + (next() >>> 11)) / 0x20000000000000;
}

/** A uniform integer in [0, bound). */
export function integerBelow(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** A random order of 0 … length − 1 (Fisher-Yates). */
export function permutation(random: Random, length: number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = integerBelow(random, i + 1);
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}

/** A standard normal draw (Box-Muller). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

function hash32(keys: readonly (string | number)[], seed: number): number {
  let hash = seed | 0;
  for (const key of keys) {
    const text = `${typeof key}:${key};`;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
