import type { BinaryOp } from '../kernels/ir.ts';
import type { OpClass } from '../kernels/ops/op-classes.ts';
import { UNARY_OPS } from '../kernels/ops/unary.ts';
import { walk } from '../kernels/walk.ts';
import type { LoweringPolicy } from '../lowering/policy.ts';

const CHEAP: ReadonlySet<OpClass> = new Set(['add', 'minmax', 'round', 'logic', 'compare']);
const COSTLY: ReadonlySet<BinaryOp> = new Set(['div', 'pow']);

/**
 * How generated code has its loops, as was fastest in V8. Of a vectorized row, the values of `mostLanes`
 * lanes are kept beside each other: those of the widest block.
 */
export function codePolicy(mostLanes: number): LoweringPolicy {
  return Object.freeze<LoweringPolicy>({
    fusesByteDots: false,
    collapsesLoops: true,
    isWrittenOut: () => false,
    // A function or a division costs more to compute again than to keep.
    isKept: ({ map, users, hasOwnLoops }) => {
      let isCostly = false;
      walk(map.value, (part) => {
        if (part.kind === 'unary') isCostly ||= !CHEAP.has(UNARY_OPS[part.op].class);
        if (part.kind === 'binary') isCostly ||= COSTLY.has(part.op);
      });
      return isCostly && hasOwnLoops && users > 1;
    },
    sharesAround: 'reductions and stores',
    fusion: 'neighbours',
    loopOrder: 'reductions innermost',
    lanes: {
      bytes: 4,
      // Accesses whose neighbouring lanes are neither contiguous nor the same element.
      score: (stride, role) => (stride === 0 || stride === 1 ? 0 : role === 'store' ? -2 : -1),
      scored: 'accesses behind its values',
      mayRunAcross: true,
    },
    interleaves: 'lanes',
    temporaries: { which: 'all with loops of their own', place: 'scratch', lanes: mostLanes },
    packsContractions: true,
    tiles: 'stretches',
  });
}
