import { type Access, accesses } from '../../kernels/accesses.ts';
import { BYTES, type Kernel } from '../../kernels/ir.ts';
import { type AddressedOperand, type LoweredKernel, type TiledLoop, workLoops } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';
import { contractionOf } from './find-contraction.ts';
import { stretchesAlong } from './find-stretches.ts';

/** Finds the loops that a schedule may tile, and what of each operand a tile needs. */
export function findTiles(lowered: LoweredKernel, { tiles }: LoweringPolicy): LoweredKernel {
  const found = { ...lowered, streamed: streamedLoop(lowered), operands: addressedOperands(lowered.kernel) };
  return { ...found, ...(tiles === 'boxes' ? boxes(found) : stretches(found)) };
}

/** The only reduction of a kernel, if one nest alone runs over it. */
function streamedLoop({ kernel, nests }: LoweredKernel): string | undefined {
  const reductions = kernel.dimensions.filter(({ kind, extent }) => kind === 'reduction' && extent > 1);
  const [{ name } = { name: '' }] = reductions;
  const around = nests.filter(({ loops }) => loops.includes(name));
  return reductions.length === 1 && around.length === 1 && around[0].over.has(name) ? name : undefined;
}

/** Stretches of memory along one loop: that of the rows if there is one, or that of the lanes. */
function stretches(lowered: LoweredKernel): Pick<LoweredKernel, 'tiled' | 'stretches'> {
  const [loop, ...others] = workLoops(lowered);
  if (loop === undefined || others.length > 0) return { tiled: [], stretches: [] };
  const found = stretchesAlong(lowered.kernel, loop);
  const tile: TiledLoop = { parameter: 'tile', loop, extent: lowered.extents[loop], part: 'parallel' };
  return { tiled: found.length === 0 ? [] : [tile], stretches: found };
}

/**
 * Element-wise kernels tile their last two loops, kernels of several nests their last shared loop
 * (whole rows). A reduction that only one nest makes is tiled too.
 */
function boxes({
  kernel,
  shared,
  streamed,
  extents,
}: LoweredKernel): Pick<LoweredKernel, 'tiled' | 'single'> {
  const wide = shared.filter((loop) => extents[loop] > 1);
  const isProduct = kernel.stages.some((stage) => stage.kind === 'contract');
  const reduces = kernel.dimensions.some(({ kind, extent }) => kind === 'reduction' && extent > 1);
  const depth = reduces && !(isProduct && streamed !== undefined) ? 1 : 2;
  const parallel = wide.slice(-depth);
  const names =
    isProduct && streamed !== undefined ? productNames(kernel, parallel) : namesFor(parallel.length, reduces);
  const loops: TiledLoop[] = parallel.map((loop, i) => ({
    parameter: names[i],
    loop,
    extent: extents[loop],
    part: 'parallel',
  }));
  if (streamed !== undefined) {
    const parameter = isProduct ? 'tileK' : parallel.length === 0 ? 'tile' : 'tileCols';
    loops.push({ parameter, loop: streamed, extent: extents[streamed], part: 'reduction' });
  }
  const single = shared.filter((loop) => !loops.some((other) => other.loop === loop));
  return { tiled: loops, single };
}

/** Of a matrix and a vector one loop is left: that of the rows, or that of the columns. */
function productNames(kernel: Kernel, [loop, ...others]: readonly string[]): readonly string[] {
  if (others.length > 0) return ['tileM', 'tileN'];
  return [loop === contractionOf(kernel)?.column ? 'tileN' : 'tileM'];
}

function namesFor(count: number, reduces: boolean): readonly string[] {
  if (count === 1) return reduces ? ['tileRows'] : ['tile'];
  return ['tileRows', 'tileCols'];
}

function addressedOperands(kernel: Kernel): readonly AddressedOperand[] {
  return kernel.operands.map(({ name, role, dtype, elements }) => {
    // Of one stage, what it stores comes first: the first pattern is that of the operand's rows.
    const isRead = ({ direction }: Access) => (direction === 'read' ? 1 : 0);
    const own = accesses(kernel)
      .filter(({ operand }) => operand === name)
      .toSorted((a, b) => a.stage - b.stage || isRead(a) - isRead(b));
    const maps = new Map(own.map(({ at }) => [JSON.stringify(at), at]));
    return { name, role, elementBytes: BYTES[dtype], elements, maps: [...maps.values()] };
  });
}
