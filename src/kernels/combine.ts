import type { BinaryOp } from './ops/binary.ts';

const ALL = {
  sum: { op: 'add', identity: 0 },
  product: { op: 'mul', identity: 1 },
  max: { op: 'max', identity: Number.NEGATIVE_INFINITY },
  min: { op: 'min', identity: Number.POSITIVE_INFINITY },
  any: { op: 'or', identity: 0 },
  all: { op: 'and', identity: 1 },
} as const satisfies Readonly<Record<string, Readonly<{ op: BinaryOp; identity: number }>>>;

export type SimpleCombine = keyof typeof ALL;

/** For each simple reduction the operation that combines two partial results, and the value it starts from. */
export const COMBINE: Readonly<Record<SimpleCombine, Readonly<{ op: BinaryOp; identity: number }>>> =
  Object.freeze(ALL);
