import { HANDSHAKE_BYTES } from '../../../generator/handshake.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { lower } from '../../../lowering/lower.ts';
import { WASM_POLICY } from '../policy.ts';

/** Bytes that the tiles of a variant's operands may take. */
export const SCRATCHPAD_BYTES = 2 ** 20;
/** The most that a contraction packs at a time. */
const MOST_PANELS = 16;
const MOST_COLUMNS = 16;

/** Scratch bytes that suffice for every variant of a kernel, for each thread. */
export function scratchNeeded(kernel: Kernel): number {
  const { contraction, extents, scratchBytes } = lower(kernel, WASM_POLICY);
  const depth = contraction === undefined ? 0 : extents[contraction.product.over[0]];
  const packed = MOST_PANELS * depth * MOST_COLUMNS * 4;
  return HANDSHAKE_BYTES + scratchBytes + Math.max(packed, SCRATCHPAD_BYTES);
}
