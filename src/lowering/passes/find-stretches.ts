import { type Access, accesses } from '../../kernels/accesses.ts';
import { indexRange } from '../../kernels/index-range.ts';
import type { IndexMap, Kernel, Operand } from '../../kernels/ir.ts';
import { dimensionExtent, dimensionExtents, pointsOver } from '../../kernels/lookup.ts';
import type { StretchedOperand } from '../lowered-kernel.ts';

/** The operands of which a tile of `dim` can be copied as stretches; none where one of them could not be. */
export function stretchesAlong(kernel: Kernel, dim: string): readonly StretchedOperand[] {
  const found: StretchedOperand[] = [];
  for (const [place, operand] of kernel.operands.entries()) {
    const one = stretchedOperand(kernel, operand, place, dim);
    if (one === 'scattered') return [];
    if (one !== 'shared') found.push(one);
  }
  return found.some(({ reads }) => reads) ? found : [];
}

/** 'shared' where every tile needs the same elements, 'scattered' where those of a tile are no stretches. */
function stretchedOperand(
  kernel: Kernel,
  operand: Operand,
  place: number,
  dim: string,
): StretchedOperand | 'shared' | 'scattered' {
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
  about: Pick<StretchedOperand, 'operand' | 'place' | 'reads' | 'writes'>,
  kernel: Kernel,
  touched: readonly Access[],
  dim: string,
): StretchedOperand | 'scattered' {
  const [{ at }] = touched;
  const alike = touched.every((access) => JSON.stringify(access.at) === JSON.stringify(at) && !access.masked);
  const loops = kernel.dimensions
    .filter(({ name }) => name !== dim && (at.strides[name] ?? 0) !== 0)
    .map(({ name, extent }) => ({ dim: name, stride: at.strides[name], extent }));
  const apart = loops.every((loop) => loop.stride >= dimensionExtent(kernel, dim));
  return alike && apart ? { ...about, stride: 1, least: at.offset, span: 1, loops } : 'scattered';
}

/** Whether the points of one unit of work write every element of its stretch. */
function isDense(kernel: Kernel, at: IndexMap, dim: string, stride: number): boolean {
  const inside = Object.keys(at.strides).filter((name) => name !== dim && at.strides[name] !== 0);
  return pointsOver(dimensionExtents(kernel), inside) === stride;
}
