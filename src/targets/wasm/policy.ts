import type { BinaryOp } from '../../kernels/ir.ts';
import type { OpClass } from '../../kernels/ops/op-classes.ts';
import { UNARY_OPS } from '../../kernels/ops/unary.ts';
import { walk } from '../../kernels/walk.ts';
import type { LoweringPolicy } from '../../lowering/policy.ts';

/** Lanes of the widest block: so many values of a vectorized row are kept beside each other. */
const MOST_LANES = 32;

const CHEAP: ReadonlySet<OpClass> = new Set(['add', 'minmax', 'round', 'logic', 'compare']);
const COSTLY: ReadonlySet<BinaryOp> = new Set(['div', 'pow']);

/** How variants for WebAssembly make loops, as was fastest in V8. */
export const WASM_POLICY: LoweringPolicy = Object.freeze<LoweringPolicy>({
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
  temporaries: { which: 'all with loops of their own', place: 'scratch', lanes: MOST_LANES },
  packsContractions: true,
  tiles: 'stretches',
});
