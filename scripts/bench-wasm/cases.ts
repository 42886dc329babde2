/** A kernel of the benchmark with its shape, and the memory level that its data needs. */
export type Case = Readonly<{
  kernel: string;
  shape: readonly number[];
  /** The limit of the machine with which its speed is compared, besides rivals. */
  limit?: 'triad' | 'multiply-add';
  /** The least speed relative to gcc's SSE code that is a success. */
  aim: number;
}>;

const inCache = 98_304;
/** Three arrays of 128 MiB: more than one core's share of the largest last-level caches. */
const inMemory = 2 ** 25;

export const CASES: readonly Case[] = Object.freeze([
  { kernel: 'vector-add', shape: [inCache], aim: 1 },
  { kernel: 'vector-add', shape: [inMemory], limit: 'triad', aim: 1 },
  { kernel: 'gelu', shape: [inCache], aim: 1.8 },
  { kernel: 'gelu-tanh', shape: [inCache], aim: 1 },
  { kernel: 'silu', shape: [inCache], aim: 1 },
  { kernel: 'softmax', shape: [96, 1024], aim: 1.8 },
  { kernel: 'rms-norm', shape: [96, 1024], aim: 1 },
  { kernel: 'layer-norm', shape: [96, 1024], aim: 1 },
  { kernel: 'matmul', shape: [256, 256, 256], limit: 'multiply-add', aim: 1 },
  { kernel: 'matmul', shape: [512, 512, 512], limit: 'multiply-add', aim: 1 },
  { kernel: 'matmul', shape: [1024, 1024, 1024], limit: 'multiply-add', aim: 1 },
]);

/** The shape of a case as text: "96x1024". */
export function shapeName({ shape }: Case): string {
  return shape.join('x');
}
