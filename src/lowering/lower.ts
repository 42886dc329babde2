import type { Kernel } from '../kernels/ir.ts';
import { type LoweredKernel, unplanned } from './lowered-kernel.ts';
import { buildBodies } from './passes/build-bodies.ts';
import { chooseLanes, chooseLanesAcross } from './passes/choose-lanes.ts';
import { chooseSharedLoops } from './passes/choose-shared-loops.ts';
import { collapseLoops } from './passes/collapse-loops.ts';
import { findContraction } from './passes/find-contraction.ts';
import { findTiles } from './passes/find-tiles.ts';
import { fuseByteDots } from './passes/fuse-byte-dots.ts';
import { groupStages } from './passes/group-stages.ts';
import { listAccesses } from './passes/list-accesses.ts';
import { orderLoops } from './passes/order-loops.ts';
import { placeTemporaries } from './passes/place-temporaries.ts';
import { writeOutMaps } from './passes/write-out-maps.ts';
import type { LoweringPolicy } from './policy.ts';

/** One step of the lowering. It fills in what its name says, and reads what the passes before it filled in. */
type LoweringPass = (lowered: LoweredKernel, policy: LoweringPolicy) => LoweredKernel;

/** From a kernel's stages to loop nests, in this order. */
export const LOWERING_PASSES: readonly LoweringPass[] = Object.freeze([
  // The kernel is rewritten.
  fuseByteDots,
  writeOutMaps,
  collapseLoops,
  // Its stages become nests, the nests get loops.
  chooseSharedLoops,
  groupStages,
  orderLoops,
  // The loops get roles, the values places.
  chooseLanesAcross,
  placeTemporaries,
  listAccesses,
  chooseLanes,
  buildBodies,
  // What a schedule may tile and stage.
  findContraction,
  findTiles,
]);

const made = new WeakMap<LoweringPolicy, WeakMap<Kernel, LoweredKernel>>();

/**
 * The loops of a kernel, as a kind of target has them. What depends on a configuration (tiles, lanes,
 * threads) is not in it: `schedule` adds that, so this is made once for each kernel and policy.
 */
export function lower(kernel: Kernel, policy: LoweringPolicy): LoweredKernel {
  const ofPolicy = made.get(policy) ?? new WeakMap<Kernel, LoweredKernel>();
  made.set(policy, ofPolicy);
  const known = ofPolicy.get(kernel);
  if (known !== undefined) return known;
  const lowered = LOWERING_PASSES.reduce((state, pass) => pass(state, policy), unplanned(kernel));
  ofPolicy.set(kernel, lowered);
  return lowered;
}
