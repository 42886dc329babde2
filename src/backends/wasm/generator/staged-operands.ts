import { accesses } from '../../../kernels/accesses.ts';
import type { IndexMap, Kernel, Operand } from '../../../kernels/ir.ts';
import { storageOf } from './memory-access.ts';
import type { Plan } from './plan.ts';

/**
 * An operand whose part for the work from `begin` to `end` is one stretch of memory: from element
 * least + begin · stride, span elements for the last and stride for each other.
 */
export type StagedOperand = Readonly<{
  operand: Operand;
  place: number;
  stride: number;
  least: number;
  span: number;
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
  if (span > stride || !inside) return 'scattered';
  const whole = touched.some(
    ({ direction, masked, at }) => direction === 'write' && !masked && isDense(kernel, at, dim, stride),
  );
  const reads = touched.some(({ direction }) => direction === 'read') || !whole;
  return { operand, place, stride, least, span, reads, writes };
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
  return staged.reduce((sum, { operand, stride }) => sum + stride * storageOf(operand).bytes, 0);
}
