import { indexRange } from '../kernels/index-range.ts';
import type { Kernel } from '../kernels/ir.ts';
import { dimensionExtents, operandNamed } from '../kernels/lookup.ts';
import type { Readable } from './emit-context.ts';
import { STORAGE } from './storage.ts';

/** Bytes of the runner's memory before and after each operand that nothing else uses. */
export const GUARD_BYTES = 4096;

/** Which masked loads may be made without their mask: those that never leave the operand and its guard bytes. */
export function readableLoads(kernel: Kernel): Readable {
  const extents = dimensionExtents(kernel);
  return ({ operand, at }) => {
    const { elements, dtype } = operandNamed(kernel, operand);
    const guard = GUARD_BYTES / (STORAGE[dtype]?.bytes ?? 8);
    const { least, greatest } = indexRange(at, extents);
    return least >= -guard && greatest < elements + guard;
  };
}
