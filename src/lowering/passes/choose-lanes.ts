import { accesses } from '../../kernels/accesses.ts';
import type { Kernel } from '../../kernels/ir.ts';
import { required } from '../../kernels/lookup.ts';
import type { LoopNest, LoweredKernel, NestAccess, Strides } from '../lowered-kernel.ts';
import { mapsOf, mapsUnder } from '../maps.ts';
import type { LoweringPolicy } from '../policy.ts';

/** An access as far as it matters for the choice of a loop. */
type Scored = Readonly<{ strides: Strides; role: NestAccess['role']; loops: readonly string[] }>;

/** Chooses a shared loop for the lanes of all nests, where one scores higher than each nest's innermost loop. */
export function chooseLanesAcross(lowered: LoweredKernel, { lanes }: LoweringPolicy): LoweredKernel {
  if (!lanes.mayRunAcross) return lowered;
  const { kernel, shared } = lowered;
  const all = accessesOf(kernel);
  const total = (loopOf: (loops: readonly string[]) => string | undefined) =>
    all.reduce((sum, access) => sum + scoreOf(access, loopOf(access.loops), lanes), 0);
  const best = highest(shared, (loop) => total(() => loop));
  const isInner = (loop: string) => !shared.includes(loop);
  const hasInner = lowered.nests.some(({ loops }) => loops.some(isInner));
  const inside = hasInner ? total((loops) => loops.findLast(isInner)) : Number.NEGATIVE_INFINITY;
  const lanesAcross = best !== undefined && total(() => best) > inside ? best : undefined;
  return { ...lowered, lanesAcross };
}

/** Chooses the loop of each nest that its lanes run along, and the one whose iterations are interleaved. */
export function chooseLanes(lowered: LoweredKernel, policy: LoweringPolicy): LoweredKernel {
  const nests = lowered.nests.map((nest) => {
    const vector = lowered.lanesAcross ?? vectorLoop(lowered, nest, policy);
    const interleaved = policy.interleaves === 'lanes' ? undefined : sharingLoop(lowered, nest, vector);
    return {
      ...nest,
      vector,
      unroll: interleaved ?? vector,
      laneBytes: laneBytesAlong(nest, vector, policy),
    };
  });
  return { ...lowered, nests };
}

function laneBytesAlong({ accesses }: LoopNest, vector: string, { lanes }: LoweringPolicy): number {
  if (lanes.bytes !== 'narrowest element') return lanes.bytes;
  const along = accesses.filter(({ strides }) => (strides[vector] ?? 0) !== 0);
  return Math.min(8, ...(along.length > 0 ? along : accesses).map(({ elementBytes }) => elementBytes));
}

function vectorLoop(lowered: LoweredKernel, nest: LoopNest, { lanes }: LoweringPolicy): string {
  if (lanes.scored === 'accesses of the nest') {
    const wide = nest.loops.filter((loop) => lowered.extents[loop] !== 1);
    const scored = nest.accesses.map((access) => ({ ...access, loops: nest.loops }));
    return highest(wide, (loop) => total(scored, loop, lanes)) ?? nest.loops[nest.loops.length - 1];
  }
  const maps = mapsOf(lowered.kernel.stages);
  const under = new Set(nest.stages.flatMap((stage) => [...mapsUnder(stage, maps)]));
  const behind = [...[...under].map((name) => required(maps, name)), ...nest.stages];
  const scored = accessesOf({ ...lowered.kernel, stages: behind });
  const inner = nest.loops.filter((loop) => !lowered.shared.includes(loop));
  return highest(inner, (loop) => total(scored, loop, lanes)) ?? '';
}

function accessesOf(kernel: Kernel): readonly Scored[] {
  return accesses(kernel).map(({ at, direction, loops }) => ({
    strides: at.strides,
    role: direction === 'write' ? 'store' : 'load',
    loops,
  }));
}

function total(scored: readonly Scored[], loop: string, lanes: LoweringPolicy['lanes']): number {
  return scored.reduce((sum, access) => sum + scoreOf(access, loop, lanes), 0);
}

function scoreOf(
  { strides, role }: Scored,
  loop: string | undefined,
  { score }: LoweringPolicy['lanes'],
): number {
  return score(loop === undefined ? 0 : (strides[loop] ?? 0), role);
}

/** The loop with the highest score, the innermost of several; undefined where there is none. */
function highest(loops: readonly string[], scored: (loop: string) => number): string | undefined {
  const inwards = loops.toReversed().map((loop) => ({ loop, score: scored(loop) }));
  return inwards.toSorted((a, b) => b.score - a.score)[0]?.loop;
}

/**
 * Copies of a contraction's body share a load where they run along a loop that it does not move with
 * (register blocking).
 */
function sharingLoop({ extents }: LoweredKernel, nest: LoopNest, vector: string): string | undefined {
  const contraction = nest.stages.find(({ kind }) => kind === 'contract');
  const loads = nest.accesses.filter(({ role }) => role === 'load');
  return contraction?.dims.findLast(
    (dim) =>
      dim !== vector &&
      extents[dim] > 1 &&
      loads.some(({ strides }) => (strides[dim] ?? 0) === 0) &&
      nest.loops.includes(dim),
  );
}
