import { type Access, accesses } from '../../../kernels/accesses.ts';
import type { IndexMap, Kernel, Operand } from '../../../kernels/ir.ts';
import { mapIndices } from './collapse.ts';
import { storageOf } from './memory-access.ts';
import type { Plan } from './plan.ts';

/**
 * An operand whose part for the work from `begin` to `end` is copied to a tile: from element
 * least + begin · stride, `span` elements for the last piece of work and `stride` for each other.
 * Where `loops` are given (outermost first), it is such a stretch at each of their points; in the
 * tile the stretches lie behind each other.
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

/** The operands that tiles are copied of; none where the work does not cut them into stretches. */
export function stagedOperands({ kernel, rows, vector }: Plan): readonly StagedOperand[] {
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

/** 'shared' where every tile needs the same elements, 'scattered' where a tile's lie apart. */
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
  const reaches = touched.map(({ at }) => reachBeside(kernel, at, dim));
  const least = Math.min(...reaches.map((reach) => reach.least));
  const greatest = Math.max(...reaches.map((reach) => reach.greatest));
  const span = greatest - least + 1;
  const inside = least >= 0 && greatest + stride * (extentOf(kernel, dim) - 1) < operand.elements;
  if (!inside) return 'scattered';
  const reads = touched.some(({ direction }) => direction === 'read');
  if (span > stride)
    return stride === 1 ? columns({ operand, place, reads, writes }, kernel, touched, dim) : 'scattered';
  const whole = touched.some(
    ({ direction, masked, at }) => direction === 'write' && !masked && isDense(kernel, at, dim, stride),
  );
  return { operand, place, stride, least, span, loops: [], reads: reads || !whole, writes };
}

/** Neighbouring columns of a matrix (or more): one access pattern, a stretch at each of its rows. */
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
  const apart = loops.every((loop) => loop.stride >= extentOf(kernel, dim));
  return alike && apart ? { ...about, stride: 1, least: at.offset, span: 1, loops } : 'scattered';
}

/** Elements of a tile of so many pieces of work. */
export function tileElements({ stride, span, loops }: StagedOperand, tile: number): number {
  return loops.reduce((product, { extent }) => product * extent, (tile - 1) * stride + span);
}

/** The kernel as it reads and writes tiles: stretches that lay apart lie behind each other there. */
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

/** Elements of a tile between neighbours along each of the loops. */
export function tileStrides({ loops }: StagedOperand, tile: number): Readonly<Record<string, number>> {
  const strides: Record<string, number> = {};
  let pitch = tile;
  for (const { dim, extent } of loops.toReversed()) {
    strides[dim] = pitch;
    pitch *= extent;
  }
  return strides;
}

function extentOf(kernel: Kernel, dim: string): number {
  return kernel.dimensions.find(({ name }) => name === dim)!.extent;
}

function reachBeside(kernel: Kernel, at: IndexMap, dim: string): { least: number; greatest: number } {
  let [least, greatest] = [at.offset, at.offset];
  for (const { name, extent } of kernel.dimensions) {
    if (name === dim) continue;
    const reach = (at.strides[name] ?? 0) * (extent - 1);
    if (reach < 0) least += reach;
    else greatest += reach;
  }
  return { least, greatest };
}

/** Whether the points of one piece of work fill its stretch without holes. */
function isDense(kernel: Kernel, at: IndexMap, dim: string, stride: number): boolean {
  const points = kernel.dimensions
    .filter(({ name }) => name !== dim && (at.strides[name] ?? 0) !== 0)
    .reduce((product, { extent }) => product * extent, 1);
  return points === stride;
}

/** Bytes of tile that one piece of work takes, over all staged operands. */
export function bytesPerWork(staged: readonly StagedOperand[]): number {
  return staged.reduce(
    (sum, one) => sum + (tileElements(one, 2) - tileElements(one, 1)) * storageOf(one.operand).bytes,
    0,
  );
}

/** Elements that a piece of work takes of the operand that it takes most of. */
export function elementsPerWork(staged: readonly StagedOperand[]): number {
  return Math.max(...staged.map((one) => tileElements(one, 2) - tileElements(one, 1)));
}
