import { distinctElements } from '../kernels/distinct.ts';
import { BYTES, type IndexMap, type Kernel } from '../kernels/ir.ts';
import { mapIndices } from '../kernels/rewrite.ts';
import type {
  AddressedOperand,
  Extents,
  LoweredKernel,
  NestAccess,
  StretchedOperand,
} from './lowered-kernel.ts';

/** The extents of a tile: tiled loops are cut, outer shared loops walked one iteration at a time, all others whole. */
export function tileExtents(
  { extents: whole, single, tiled }: LoweredKernel,
  sizes: Readonly<Record<string, number>>,
): Record<string, number> {
  const extents: Record<string, number> = { ...whole };
  for (const loop of single) extents[loop] = 1;
  for (const { loop, parameter, extent } of tiled) extents[loop] = Math.min(extent, sizes[parameter]);
  return extents;
}

/** Counts made so far, by the extents of the loops that move an address. */
const counted = new WeakMap<object, Map<string, number>>();

/** Distinct elements of an operand that a tile of `extents` touches. */
export function tileElements(operand: AddressedOperand, extents: Extents): number {
  return countOnce(operand, operand.maps, extents, operand.elements);
}

/** Distinct elements that an access of a nest touches over `extents`. */
export function accessedElements(access: NestAccess, extents: Extents): number {
  const { strides, offsets } = access;
  const least = Math.min(...offsets);
  const maps = offsets.map((offset) => ({ strides, offset: offset - least }));
  return countOnce(access, maps, extents, Number.POSITIVE_INFINITY);
}

function countOnce(whose: object, maps: readonly IndexMap[], extents: Extents, elements: number): number {
  const known = counted.get(whose) ?? new Map<string, number>();
  counted.set(whose, known);
  let key = '';
  for (const { strides } of maps) for (const loop in strides) key += `${extents[loop]} `;
  let count = known.get(key);
  if (count === undefined) {
    const touches = maps.map((at) => ({ at }));
    count = distinctElements(touches, new Map(Object.entries(extents)), elements);
    known.set(key, count);
  }
  return count;
}

/** Bytes of one set of tile buffers, and of the values kept between nests (which have one copy only). */
export function tileFootprint(
  lowered: LoweredKernel,
  extents: Extents,
): Readonly<{ operands: number; kept: number }> {
  let operands = 0;
  for (const operand of lowered.operands) operands += tileElements(operand, extents) * operand.elementBytes;
  let kept = 0;
  for (const { dims, dtype, place } of lowered.temporaries) {
    if (place.kind === 'register') continue;
    kept += dims.reduce((product, dim) => product * extents[dim], BYTES[dtype]);
  }
  return { operands, kept };
}

/** Elements of an operand's stretches in a tile of `tile` units of work. */
export function stretchElements({ stride, span, loops }: StretchedOperand, tile: number): number {
  return loops.reduce((product, { extent }) => product * extent, (tile - 1) * stride + span);
}

/** Strides in a tile of `tile` units of work along each of the operand's loops. */
export function stretchStrides({ loops }: StretchedOperand, tile: number): Readonly<Record<string, number>> {
  const strides: Record<string, number> = {};
  let pitch = tile;
  for (const { dim, extent } of loops.toReversed()) {
    strides[dim] = pitch;
    pitch *= extent;
  }
  return strides;
}

/** The kernel with the indices that it has in tiles, where stretches are one after the other. */
export function inStretches(kernel: Kernel, staged: readonly StretchedOperand[], tile: number): Kernel {
  const moved = new Map(
    staged
      .filter(({ loops }) => loops.length > 0)
      .map((one) => [one.operand.name, stretchStrides(one, tile)]),
  );
  if (moved.size === 0) return kernel;
  const change = (at: IndexMap, operand?: string): IndexMap => {
    const strides = operand === undefined ? undefined : moved.get(operand);
    return strides === undefined ? at : { offset: 0, strides: { ...at.strides, ...strides } };
  };
  return { ...kernel, stages: kernel.stages.map((stage) => mapIndices(stage, change)) };
}
