import type { BinaryOp, Combine } from './ir.ts';

/** For each simple reduction the operation that combines two partial results, and the value it starts from. */
export const COMBINE: Readonly<
  Record<Exclude<Combine['kind'], 'region'>, Readonly<{ op: BinaryOp; identity: number }>>
> = Object.freeze({
  sum: { op: 'add', identity: 0 },
  product: { op: 'mul', identity: 1 },
  max: { op: 'max', identity: Number.NEGATIVE_INFINITY },
  min: { op: 'min', identity: Number.POSITIVE_INFINITY },
  any: { op: 'or', identity: 0 },
  all: { op: 'and', identity: 1 },
});
