import type { Kernel } from '../../../kernels/ir.ts';
import type { Place } from './expression.ts';
import { STORAGE } from './storage.ts';

/** Bytes of the runner's memory on each side of an operand that nothing else uses. */
export const GUARD_BYTES = 4096;

export type Readable = Place['readable'];

/** A masked load may be made unmasked where no index of it can leave the operand and its guards. */
export function readableLoads(kernel: Kernel): Readable {
  const extents = new Map(kernel.dimensions.map(({ name, extent }) => [name, extent]));
  const operands = new Map(kernel.operands.map((operand) => [operand.name, operand]));
  return ({ operand, at }) => {
    const { elements, dtype } = operands.get(operand)!;
    const guard = GUARD_BYTES / (STORAGE[dtype]?.bytes ?? 8);
    let [least, greatest] = [at.offset, at.offset];
    for (const [dim, stride] of Object.entries(at.strides)) {
      const reach = stride * (extents.get(dim)! - 1);
      if (reach < 0) least += reach;
      else greatest += reach;
    }
    return least >= -guard && greatest < elements + guard;
  };
}
