import { InputError } from '../../../../search-space/input-error.ts';
import { GUARD_BYTES } from '../../../generator/readable.ts';
import { storageOf } from '../../../generator/storage.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { pagesFor } from '../generator/wat.ts';
import { CONTROL_BYTES } from './control.ts';
import type { Addresses } from './instance.ts';

/** Where everything lies in a runner's memory: control words, scratch of each thread, operands. */
type MemoryPlan = Readonly<{
  pages: number;
  addresses: Addresses;
  scratchBytes: number;
  copies: number;
}>;

const PAGE = 4096;
/** Of 64 KiB: what a 32-bit address reaches. */
const MOST_PAGES = 65535;

/**
 * `copies` of the operands lie behind each other; calls go round over them so that a cold run
 * finds its data out of the caches. Throws InputError where a 32-bit memory is too small.
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
  if (pages > MOST_PAGES) {
    const gigabytes = (next / 2 ** 30).toPrecision(3);
    throw new InputError(
      '--shape',
      `its data takes ${gigabytes} GiB`,
      'WebAssembly has 4 GiB: take a smaller one',
    );
  }
  return { pages, addresses: { scratch, operands }, scratchBytes, copies };
}

/** Bytes of one copy of a kernel's operands. */
export function operandBytes(kernel: Kernel): number {
  return kernel.operands.reduce((sum, operand) => sum + operand.elements * storageOf(operand).bytes, 0);
}
