import type { Case } from '../rivals/case.ts';

/** A case, and the least speed relative to others that is a success. */
export type NativeCase = Case &
  Readonly<{
    /** Relative to the fastest of the compilers on plain C. */
    compilers?: number;
    /** Relative to the fastest library of these. */
    libraries?: Readonly<Record<string, number>>;
    /** Relative to the triad with the stores that suit it. */
    triad?: number;
    /** On several threads: relative to one thread, as a share of the number of threads. */
    scaling?: number;
  }>;

/** Three arrays that a second-level cache holds in part, a third-level cache whole. */
const inCache = 98_304;
/** Three arrays of 128 MiB: more than one core's share of the largest last-level caches. */
const inMemory = 2 ** 25;
const ours = { oneDNN: 1, Halide: 1.2 };
const products = { oneDNN: 0.85, OpenBLAS: 0.85 };

/** On one thread. */
export const CASES: readonly NativeCase[] = Object.freeze([
  { kernel: 'vector-add', shape: [inCache], compilers: 1, libraries: ours },
  { kernel: 'vector-add', shape: [inMemory], compilers: 1, libraries: ours, triad: 0.98 },
  { kernel: 'gelu', shape: [inCache], compilers: 1.2, libraries: ours },
  { kernel: 'gelu-tanh', shape: [inCache], compilers: 1, libraries: ours },
  { kernel: 'silu', shape: [inCache], compilers: 1.2, libraries: ours },
  { kernel: 'softmax', shape: [96, 1024], compilers: 1.2, libraries: ours },
  { kernel: 'rms-norm', shape: [96, 1024], compilers: 1, libraries: ours },
  { kernel: 'layer-norm', shape: [96, 1024], compilers: 1.2, libraries: ours },
  { kernel: 'matmul', shape: [256, 256, 256], compilers: 1 },
  { kernel: 'matmul', shape: [512, 512, 512], compilers: 1, libraries: products },
  { kernel: 'matmul', shape: [1024, 1024, 1024], compilers: 1, libraries: products },
]);

/** On several threads: data that caches of many cores hold, and data that none do. */
export const SHARED_CASES: readonly NativeCase[] = Object.freeze([
  { kernel: 'vector-add', shape: [inMemory], compilers: 1, libraries: { oneDNN: 1 }, triad: 1 },
  { kernel: 'gelu', shape: [2 ** 20], compilers: 1, libraries: { oneDNN: 1 }, scaling: 0.9 },
  { kernel: 'softmax', shape: [1024, 1024], compilers: 1, libraries: { oneDNN: 1 }, scaling: 0.9 },
  { kernel: 'layer-norm', shape: [1024, 1024], compilers: 1, libraries: { oneDNN: 1 }, scaling: 0.9 },
  { kernel: 'matmul', shape: [1024, 1024, 1024], compilers: 1, libraries: products, scaling: 0.9 },
]);
