import { footprints } from '../kernels/footprint.ts';
import type { Kernel } from '../kernels/ir.ts';
import { contractedMultiplyAdds } from '../lowering/multiply-adds.ts';
import { type CallWork, LIMIT_BYTES } from '../programs/variant-process.ts';

/** Reads for each write: of `copy` 1, of `triad` 2. */
const LIKE = Object.freeze([
  ['copy', 1],
  ['triad', 2],
] as const);
const MIX_TOLERANCE = 0.05;

export function callWork(kernel: Kernel): CallWork {
  const multiplyAdds = contractedMultiplyAdds(kernel);
  const streamed = streamedBy(kernel);
  return streamed === undefined ? { multiplyAdds } : { multiplyAdds, streamed };
}

/**
 * The distinct bytes that a call touches, each counted once, as the limits count theirs. Only of a call with as much
 * data as they have, for caches are faster than memory (one of 480 MiB gave cold data of 256 MiB twice as fast); with as
 * many reads a write; and not in place, where a line need not be read before it is written.
 */
function streamedBy(kernel: Kernel): CallWork['streamed'] {
  const touched = footprints(kernel);
  const sum = (direction: 'bytesRead' | 'bytesWritten'): number =>
    touched.reduce((bytes, operand) => bytes + operand[direction], 0);
  const [read, written] = [sum('bytesRead'), sum('bytesWritten')];
  const isInPlace = touched.some(({ bytesRead, bytesWritten }) => bytesRead > 0 && bytesWritten > 0);
  if (isInPlace || read + written < LIMIT_BYTES) return undefined;
  const mix = LIKE.find(([, reads]) => Math.abs(read / written / reads - 1) <= MIX_TOLERANCE);
  return mix && { like: mix[0], bytes: read + written };
}
