import type { Kernel } from '../../../kernels/ir.ts';
import { storageOf } from '../generator/memory-access.ts';
import { GUARD_BYTES } from '../generator/readable.ts';
import { pagesFor } from '../generator/wat.ts';
import { CONTROL_BYTES } from './control.ts';
import type { Addresses } from './instance.ts';

/** Where everything lies in a runner's memory: control words, scratch of each thread, operands. */
export type MemoryPlan = Readonly<{
  pages: number;
  addresses: Addresses;
  scratchBytes: number;
  copies: number;
}>;

const PAGE = 4096;

/**
 * `copies` of the operands lie behind each other; calls go round over them so that a cold run
 * finds its data out of the caches. Throws RangeError where a 32-bit memory is too small.
 */
export function planMemory(
  kernel: Kernel,
  threads: number,
  scratchBytes: number,
  copies: number,
): MemoryPlan {
  let next = CONTROL_BYTES;
  const take = (bytes: number): number => {
    const address = next;
    next += Math.ceil(bytes / PAGE) * PAGE;
    return address;
  };
  const scratch = Array.from({ length: threads }, () => take(scratchBytes));
  const operands = Array.from({ length: copies }, () =>
    kernel.operands.map((operand) => {
      const bytes = operand.elements * storageOf(operand).bytes;
      return take(bytes + 2 * GUARD_BYTES) + GUARD_BYTES;
    }),
  );
  const pages = pagesFor(next);
  if (pages > 65535) throw new RangeError(`${next} bytes do not fit a 32-bit memory`);
  return { pages, addresses: { scratch, operands }, scratchBytes, copies };
}

/** Bytes of one copy of a kernel's operands. */
export function operandBytes(kernel: Kernel): number {
  return kernel.operands.reduce((sum, operand) => sum + operand.elements * storageOf(operand).bytes, 0);
}
