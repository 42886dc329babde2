import type { IndexMap } from '../kernels/ir.ts';
import type { LoweredKernel, Temporary } from '../lowering/lowered-kernel.ts';
import type { CodeNode } from './code-node.ts';
import type { LoopBound } from './loop.ts';

/** A whole number that code is generated with: known, or computed by the code from extents that only its caller knows. */
export type Size = number | CodeNode;

/** A flat element index, as an index map: offset + Σ stride[d] · d. */
export type SizedMap = Readonly<{ offset: Size; strides: Readonly<Record<string, Size>> }>;

/** The numbers of a lowered kernel, as the code has them. */
export type Sizes = Readonly<{
  extent: (loop: string) => LoopBound;
  /** An index map of the kernel or of a temporary. */
  map: (at: IndexMap) => SizedMap;
  /** Bytes from the begin of scratch memory to a temporary. */
  scratchOffset: (temporary: Temporary) => Size;
}>;

/** All numbers known: those of the kernel. */
export function knownSizes({ extents }: LoweredKernel): Sizes {
  return {
    extent: (loop) => extents[loop],
    map: (at) => at,
    scratchOffset: ({ place }) => (place.kind === 'scratch' ? place.offset : 0),
  };
}
