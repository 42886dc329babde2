import type { Kernel } from '../../../kernels/ir.ts';
import { contractionOf } from './contraction.ts';
import { HANDSHAKE_BYTES } from './handshake.ts';
import { planOf } from './plan.ts';

/** Bytes for tiles of operands: what a variant's staging may take. */
export const SCRATCHPAD_BYTES = 2 ** 20;
/** The most that a contraction packs at a time. */
export const MOST_PANELS = 16;
export const MOST_COLUMNS = 16;

/** Scratch bytes that are enough for each variant of a kernel on one thread. */
export function scratchNeeded(kernel: Kernel): number {
  const depth = contractionOf(kernel)?.product.over[0];
  const extent = kernel.dimensions.find(({ name }) => name === depth)?.extent ?? 0;
  const packed = MOST_PANELS * extent * MOST_COLUMNS * 4;
  return HANDSHAKE_BYTES + planOf(kernel).keptBytes + Math.max(packed, SCRATCHPAD_BYTES);
}
