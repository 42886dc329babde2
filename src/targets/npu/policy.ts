import type { Kernel } from '../../kernels/ir.ts';
import { walk } from '../../kernels/walk.ts';
import { lower } from '../../lowering/lower.ts';
import type { LoweredKernel } from '../../lowering/lowered-kernel.ts';
import type { LoweringPolicy } from '../../lowering/policy.ts';
import { expansionOfExpression } from './simulator/expansions.ts';

/** Up to this many operations are cheaper to repeat in each nest than to store and load. */
const CHEAP_OPERATIONS = 4;

/** How compilers for NPUs of this kind make loops, as far as published times show it. */
export const NPU_POLICY: LoweringPolicy = Object.freeze<LoweringPolicy>({
  fusesByteDots: true,
  collapsesLoops: false,
  isWrittenOut: ({ value }) => {
    let operations = 0;
    walk(value, (part) => {
      const { steps, called } = expansionOfExpression(part);
      operations += called ? Number.POSITIVE_INFINITY : steps.length;
    });
    return operations <= CHEAP_OPERATIONS;
  },
  isKept: () => true,
  sharesAround: 'all stages',
  fusion: 'by level',
  loopOrder: 'declared',
  lanes: {
    bytes: 'narrowest element',
    score: (stride, role) => (Math.abs(stride) === 1 ? (role === 'store' ? 2 : 1) : stride === 0 ? 0 : -1),
    scored: 'accesses of the nest',
    mayRunAcross: false,
  },
  interleaves: 'rows of a contraction',
  temporaries: { which: 'read by another nest', place: 'memory', lanes: 1 },
  packsContractions: false,
  tiles: 'boxes',
});

/** The loops of a kernel on such a machine; made once for each kernel object. */
export function loweredForNpu(kernel: Kernel): LoweredKernel {
  return lower(kernel, NPU_POLICY);
}
