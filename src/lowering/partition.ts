import type { Extents, LoweredKernel } from './lowered-kernel.ts';

/** A loop cut into pieces of at most two sizes. */
type Partition = Readonly<{
  loop: string;
  pieces: readonly Readonly<{ extent: number; count: number }>[];
}>;

/**
 * Cuts the outermost shared loop that is long enough into `parts`, or else the longest; vectors stay
 * whole. Undefined where there is nothing to cut (a single row).
 */
export function partition(
  lowered: LoweredKernel,
  extents: Extents,
  parts: number,
  lanes: number,
): Partition | undefined {
  const { shared, nests } = lowered;
  const grain = (loop: string) => (nests.some((nest) => nest.vector === loop) ? lanes : 1);
  const units = (loop: string) => Math.ceil(extents[loop] / grain(loop));
  const candidates = shared.filter((loop) => extents[loop] > 1);
  if (candidates.length === 0) return undefined;
  const longest = candidates.reduce((best, loop) => (units(loop) > units(best) ? loop : best));
  const loop = candidates.find((candidate) => units(candidate) >= parts) ?? longest;
  const small = Math.floor(units(loop) / parts);
  const large = units(loop) - small * parts;
  const extent = (count: number) => Math.min(extents[loop], count * grain(loop));
  const pieces = [
    { extent: extent(small + 1), count: large },
    { extent: extent(small), count: small === 0 ? 0 : parts - large },
  ].filter(({ count }) => count > 0);
  return { loop, pieces };
}

/**
 * Deals the pieces to threads in turn, large ones first. Returns how many of each size a thread gets,
 * for each thread that gets any.
 */
export function dealPieces({ pieces }: Partition, threads: number): number[][] {
  const total = pieces.reduce((sum, { count }) => sum + count, 0);
  const shares = Array.from({ length: Math.min(threads, total) }, () => pieces.map(() => 0));
  let next = 0;
  for (const [size, { count }] of pieces.entries()) {
    for (let i = 0; i < count; i++) shares[next++ % shares.length][size]++;
  }
  return shares;
}
