import type { AddressedOperand, Extents, Strides } from '../../../lowering/lowered-kernel.ts';
import { tileElements } from '../../../lowering/tiles.ts';
import { LINE_BYTES } from './residency.ts';

/** Bytes moved for the tile of an operand; rows shorter than a line move a whole line. */
export function transferBytes(operand: AddressedOperand, extents: Extents): number {
  const bytes = tileElements(operand, extents) * operand.elementBytes;
  const row = rowElements(operand.maps[0]?.strides ?? {}, extents) * operand.elementBytes;
  return bytes * Math.max(1, LINE_BYTES / row);
}

/** Elements of a tile that lie side by side in memory. */
function rowElements(strides: Strides, extents: Extents): number {
  let run = 1;
  for (let grown = true; grown; ) {
    grown = false;
    for (const loop in strides) {
      if (Math.abs(strides[loop]) === run && extents[loop] > 1) {
        run *= extents[loop];
        grown = true;
        break;
      }
    }
  }
  return run;
}
