import type { Case } from '../rivals/case.ts';

/** A case, and the limit of the machine with which its speed is compared, besides rivals. */
export type LimitedCase = Case & Readonly<{ limit?: 'triad' | 'multiply-add' }>;

const inCache = 98_304;
/** Three arrays of 128 MiB: more than one core's share of the largest last-level caches. */
const inMemory = 2 ** 25;

export const CASES: readonly LimitedCase[] = Object.freeze([
  { kernel: 'vector-add', shape: [inCache] },
  { kernel: 'vector-add', shape: [inMemory], limit: 'triad' },
  { kernel: 'gelu', shape: [inCache] },
  { kernel: 'gelu-tanh', shape: [inCache] },
  { kernel: 'silu', shape: [inCache] },
  { kernel: 'softmax', shape: [96, 1024] },
  { kernel: 'rms-norm', shape: [96, 1024] },
  { kernel: 'layer-norm', shape: [96, 1024] },
  { kernel: 'matmul', shape: [256, 256, 256], limit: 'multiply-add' },
  { kernel: 'matmul', shape: [512, 512, 512], limit: 'multiply-add' },
  { kernel: 'matmul', shape: [1024, 1024, 1024], limit: 'multiply-add' },
]);
