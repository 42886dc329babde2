import { type Access, accesses } from '../../../kernels/accesses.ts';
import { indexRange } from '../../../kernels/index-range.ts';
import type { IndexMap, Kernel, Operand } from '../../../kernels/ir.ts';
import { dimensionExtent, dimensionExtents, pointsOver } from '../../../kernels/lookup.ts';
import { mapIndices } from './collapse.ts';
import type { LoopPlan } from './loop-plan.ts';
import { storageOf } from './memory-access.ts';

/**
 * An operand that is staged: its part for the work from `begin` to `end` is copied to a tile. The part
 * starts at element least + begin · stride and has `span` elements for the last unit of work, `stride` for
 * each other. Where there are `loops` (outermost first), there is such a stretch at each of their points;
 * in the tile the stretches are one after the other.
 */
export type StagedOperand = Readonly<{
  operand: Operand;
  place: number;
  stride: number;
  least: number;
  span: number;
  loops: readonly Readonly<{ dim: string; stride: number; extent: number }>[];
  /** Copied before computing; copied back after it. */
  reads: boolean;
  writes: boolean;
}>;

/** The operands that can be staged; none where a tile of one of them would not be stretches. */
export function stagedOperands({ kernel, rows, vector }: LoopPlan): readonly StagedOperand[] {
  const dim = rows.length === 0 ? vector : rows.length === 1 ? rows[0] : undefined;
  if (dim === undefined) return [];
  const staged: StagedOperand[] = [];
  for (const [place, operand] of kernel.operands.entries()) {
    const one = stagedOperand(kernel, operand, place, dim);
    if (one === 'scattered') return [];
    if (one !== 'shared') staged.push(one);
  }
  return staged.some(({ reads }) => reads) ? staged : [];
}

/** 'shared' where every tile needs the same elements, 'scattered' where those of a tile are no stretches. */
function stagedOperand(
  kernel: Kernel,
  operand: Operand,
  place: number,
  dim: string,
): StagedOperand | 'shared' | 'scattered' {
  const touched = accesses(kernel).filter((access) => access.operand === operand.name);
  const strides = new Set(touched.map(({ at }) => at.strides[dim] ?? 0));
  const [stride] = strides;
  const writes = touched.some(({ direction }) => direction === 'write');
  if (strides.size !== 1 || stride <= 0) return writes || strides.size !== 1 ? 'scattered' : 'shared';
  const firstPiece = new Map([...dimensionExtents(kernel), [dim, 1]]);
  const reaches = touched.map(({ at }) => indexRange(at, firstPiece));
  const least = Math.min(...reaches.map((reach) => reach.least));
  const greatest = Math.max(...reaches.map((reach) => reach.greatest));
  const span = greatest - least + 1;
  const inside = least >= 0 && greatest + stride * (dimensionExtent(kernel, dim) - 1) < operand.elements;
  if (!inside) return 'scattered';
  const reads = touched.some(({ direction }) => direction === 'read');
  if (span > stride)
    return stride === 1 ? columns({ operand, place, reads, writes }, kernel, touched, dim) : 'scattered';
  const whole = touched.some(
    ({ direction, masked, at }) => direction === 'write' && !masked && isDense(kernel, at, dim, stride),
  );
  return { operand, place, stride, least, span, loops: [], reads: reads || !whole, writes };
}

/** Neighbouring columns of a matrix (or of a higher rank): one access pattern, a stretch in each of its rows. */
function columns(
  about: Pick<StagedOperand, 'operand' | 'place' | 'reads' | 'writes'>,
  kernel: Kernel,
  touched: readonly Access[],
  dim: string,
): StagedOperand | 'scattered' {
  const [{ at }] = touched;
  const alike = touched.every((access) => JSON.stringify(access.at) === JSON.stringify(at) && !access.masked);
  const loops = kernel.dimensions
    .filter(({ name }) => name !== dim && (at.strides[name] ?? 0) !== 0)
    .map(({ name, extent }) => ({ dim: name, stride: at.strides[name], extent }));
  const apart = loops.every((loop) => loop.stride >= dimensionExtent(kernel, dim));
  return alike && apart ? { ...about, stride: 1, least: at.offset, span: 1, loops } : 'scattered';
}

/** Elements of the operand in a tile of `tile` units of work. */
export function stagedElements({ stride, span, loops }: StagedOperand, tile: number): number {
  return loops.reduce((product, { extent }) => product * extent, (tile - 1) * stride + span);
}

/** The kernel with the indices that it has in tiles, where stretches are one after the other. */
export function inTiles(kernel: Kernel, staged: readonly StagedOperand[], tile: number): Kernel {
  const moved = new Map(
    staged.filter(({ loops }) => loops.length > 0).map((one) => [one.operand.name, tileStrides(one, tile)]),
  );
  if (moved.size === 0) return kernel;
  const change = (at: IndexMap, operand?: string): IndexMap => {
    const strides = operand === undefined ? undefined : moved.get(operand);
    return strides === undefined ? at : { offset: 0, strides: { ...at.strides, ...strides } };
  };
  return { ...kernel, stages: kernel.stages.map((stage) => mapIndices(stage, change)) };
}

/** Strides in a tile of `tile` units of work along each of the operand's loops. */
export function tileStrides({ loops }: StagedOperand, tile: number): Readonly<Record<string, number>> {
  const strides: Record<string, number> = {};
  let pitch = tile;
  for (const { dim, extent } of loops.toReversed()) {
    strides[dim] = pitch;
    pitch *= extent;
  }
  return strides;
}

/** Whether the points of one unit of work write every element of its stretch. */
function isDense(kernel: Kernel, at: IndexMap, dim: string, stride: number): boolean {
  const inside = Object.keys(at.strides).filter((name) => name !== dim && at.strides[name] !== 0);
  return pointsOver(dimensionExtents(kernel), inside) === stride;
}

/** Bytes that one unit of work takes in the tiles of all staged operands. */
export function bytesPerWork(staged: readonly StagedOperand[]): number {
  return staged.reduce(
    (sum, one) => sum + (stagedElements(one, 2) - stagedElements(one, 1)) * storageOf(one.operand).bytes,
    0,
  );
}

/** Elements that one unit of work takes in the largest of the tiles. */
export function elementsPerWork(staged: readonly StagedOperand[]): number {
  return Math.max(...staged.map((one) => stagedElements(one, 2) - stagedElements(one, 1)));
}
