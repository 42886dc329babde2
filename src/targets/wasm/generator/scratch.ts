import type { Kernel } from '../../../kernels/ir.ts';
import { contractionOf } from './contraction.ts';
import { HANDSHAKE_BYTES } from './handshake.ts';
import { loopPlanOf } from './loop-plan.ts';

/** Bytes that the tiles of a variant's operands may take. */
export const SCRATCHPAD_BYTES = 2 ** 20;
/** The most that a contraction packs at a time. */
const MOST_PANELS = 16;
const MOST_COLUMNS = 16;

/** Scratch bytes that suffice for every variant of a kernel, for each thread. */
export function scratchNeeded(kernel: Kernel): number {
  const depth = contractionOf(kernel)?.product.over[0];
  const extent = kernel.dimensions.find(({ name }) => name === depth)?.extent ?? 0;
  const packed = MOST_PANELS * extent * MOST_COLUMNS * 4;
  return HANDSHAKE_BYTES + loopPlanOf(kernel).keptBytes + Math.max(packed, SCRATCHPAD_BYTES);
}
