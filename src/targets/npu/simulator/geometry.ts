import { BYTES, type Kernel } from '../../../kernels/ir.ts';
import { stageExpressions, walk } from '../../../kernels/walk.ts';
import { type SimulatedNest, simulatedNestOf } from './nest.ts';
import { LINE_BYTES } from './residency.ts';
import type { Extents } from './traffic.ts';

/** A parameter that tiles a loop. */
export type TiledLoop = Readonly<{
  parameter: string;
  loop: string;
  extent: number;
  part: 'parallel' | 'reduction';
}>;

/** An operand with every way in which it is addressed: strides by loop. */
type TiledOperand = Readonly<{
  name: string;
  role: 'input' | 'output' | 'inout';
  elementBytes: number;
  elements: number;
  patterns: readonly Readonly<Record<string, number>>[];
}>;

/** How a kernel can be tiled. */
export type Geometry = Readonly<{
  nest: SimulatedNest;
  tiled: readonly TiledLoop[];
  /** Shared loops of which each tile has one iteration. */
  single: readonly string[];
  operands: readonly TiledOperand[];
  /** Bytes of all operands. */
  footprint: number;
}>;

const geometries = new WeakMap<Kernel, Geometry>();

/** The geometry of a kernel; made once for each kernel object. */
export function geometryOf(kernel: Kernel): Geometry {
  const known = geometries.get(kernel);
  if (known !== undefined) return known;
  const nest = simulatedNestOf(kernel);
  const tiled = tiledLoops(nest);
  const single = nest.shared.filter((loop) => !tiled.some((other) => other.loop === loop));
  const operands = tiledOperands(nest.kernel);
  const footprint = operands.reduce((sum, { elements, elementBytes }) => sum + elements * elementBytes, 0);
  const geometry = { nest, tiled, single, operands, footprint };
  geometries.set(kernel, geometry);
  return geometry;
}

/**
 * Element-wise kernels tile their last two loops, kernels of several passes their last shared loop
 * (whole rows). A reduction that only one pass makes is tiled too.
 */
function tiledLoops(nest: SimulatedNest): TiledLoop[] {
  const { shared, streamed, extents } = nest;
  const wide = shared.filter((loop) => extents[loop] > 1);
  const isProduct = nest.kernel.stages.some((stage) => stage.kind === 'contract');
  const reduces = nest.kernel.dimensions.some(({ kind, extent }) => kind === 'reduction' && extent > 1);
  const depth = reduces && !(isProduct && streamed !== undefined) ? 1 : 2;
  const parallel = wide.slice(-depth);
  const names = namesFor(parallel.length, reduces, isProduct && streamed !== undefined);
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
  return loops;
}

function namesFor(count: number, reduces: boolean, isProduct: boolean): readonly string[] {
  if (isProduct) return count === 1 ? ['tileM'] : ['tileM', 'tileN'];
  if (count === 1) return reduces ? ['tileRows'] : ['tile'];
  return ['tileRows', 'tileCols'];
}

function tiledOperands(kernel: Kernel): TiledOperand[] {
  return kernel.operands.map(({ name, role, dtype, elements }) => {
    const patterns = new Map<string, Readonly<Record<string, number>>>();
    const add = (at: Readonly<{ offset: number; strides: Readonly<Record<string, number>> }>) =>
      patterns.set(JSON.stringify(at), at.strides);
    for (const stage of kernel.stages) {
      if (stage.kind === 'store' && stage.operand === name) add(stage.at);
      for (const expression of stageExpressions(stage)) {
        walk(expression, (part) => {
          if (part.kind === 'load' && part.operand === name) add(part.at);
        });
      }
    }
    return { name, role, elementBytes: BYTES[dtype], elements, patterns: [...patterns.values()] };
  });
}

/** Elements of an operand that a tile of `extents` touches. */
function tileElements(operand: TiledOperand, extents: Extents): number {
  let total = 0;
  for (const strides of operand.patterns) {
    let elements = 1;
    for (const loop in strides) if (strides[loop] !== 0) elements *= extents[loop];
    total += elements;
  }
  return Math.min(operand.elements, total);
}

/** Bytes moved for the tile of an operand; rows shorter than a line move a whole line. */
export function transferBytes(operand: TiledOperand, extents: Extents): number {
  const bytes = tileElements(operand, extents) * operand.elementBytes;
  const row = rowElements(operand.patterns[0] ?? {}, extents) * operand.elementBytes;
  return bytes * Math.max(1, LINE_BYTES / row);
}

/** Elements of a tile that lie side by side in memory. */
function rowElements(strides: Readonly<Record<string, number>>, extents: Extents): number {
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

/** Scratchpad bytes of one set of tile buffers, and of the values kept between passes (which have one copy only). */
export function tileFootprint(
  geometry: Geometry,
  extents: Extents,
): Readonly<{ operands: number; kept: number }> {
  let operands = 0;
  for (const operand of geometry.operands) operands += tileElements(operand, extents) * operand.elementBytes;
  let kept = 0;
  for (const { dims, dtype } of geometry.nest.temporaries) {
    kept += dims.reduce((product, dim) => product * extents[dim], BYTES[dtype]);
  }
  return { operands, kept };
}

/** The extents of a tile: tiled loops are cut, outer shared loops walked one iteration at a time, all others whole. */
export function tileExtents(
  geometry: Geometry,
  sizes: Readonly<Record<string, number>>,
): Record<string, number> {
  const extents: Record<string, number> = { ...geometry.nest.extents };
  for (const loop of geometry.single) extents[loop] = 1;
  for (const { loop, parameter, extent } of geometry.tiled)
    extents[loop] = Math.min(extent, sizes[parameter]);
  return extents;
}
