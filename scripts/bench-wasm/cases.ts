/** A kernel of the bench, its shape, and how large its data is to the machine. */
export type Case = Readonly<{
  kernel: string;
  shape: readonly number[];
  /** What its speed is measured against besides rivals. */
  limit?: 'triad' | 'multiply-add';
  /** The least ratio to gcc's SSE code that is aimed at. */
  aim: number;
}>;

const inCache = 98_304;
/** Three arrays of 128 MiB: beyond what one core gets of the largest last caches. */
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

/** The size of a case in words for people: "96x1024". */
export function shapeName({ shape }: Case): string {
  return shape.join('x');
}
