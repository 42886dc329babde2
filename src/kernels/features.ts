import { accesses } from './accesses.ts';
import { footprints } from './footprint.ts';
import { BYTES, type Kernel } from './ir.ts';
import { dimensionExtents, pointsOver } from './lookup.ts';
import { opMix } from './op-counts.ts';
import { NO_OPS, type OpClass } from './ops/op-classes.ts';
import { tableNames } from './ops/table-names.ts';

/** Operations that move or convert data and compute nothing. */
const MOVES: ReadonlySet<OpClass> = new Set(['load', 'store', 'convert', 'index']);

/**
 * Arithmetic operations of a whole call. A multiply-accumulate counts as two; loads, stores,
 * conversions and indices do not count.
 */
export function arithmeticOps(kernel: Kernel): number {
  const mix = opMix(kernel);
  return mix.fma + classes().reduce((sum, name) => sum + (MOVES.has(name) ? 0 : mix[name]), 0);
}

/** The fewest bytes that a call can move: the footprint of every operand once. */
export function bytesMoved(kernel: Kernel): number {
  return footprints(kernel).reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
}

/** Points that the longest reduction of the kernel runs over; 1 where there is none. */
export function reductionDepth(kernel: Kernel): number {
  const extents = dimensionExtents(kernel);
  const depths = kernel.stages.map((stage) => ('over' in stage ? pointsOver(extents, stage.over) : 1));
  return Math.max(1, ...depths);
}

/**
 * The features of a kernel that a cost model learns from: sizes as log2, the op mix as fractions of
 * all operations, intensity (log2 of operations per byte), counts of reductions and contractions, and
 * the share of strided accesses.
 */
export function kernelFeatures(kernel: Kernel): Readonly<Record<string, number>> {
  const mix = opMix(kernel);
  const total = classes().reduce((sum, name) => sum + mix[name], 0);
  const points = kernel.dimensions.reduce((product, { extent }) => product * extent, 1);
  const all = accesses(kernel);
  const strided = all.filter(({ innerStride }) => Math.abs(innerStride) > 1).length;
  return Object.freeze({
    log2Points: Math.log2(points),
    log2Ops: Math.log2(total),
    log2Bytes: Math.log2(bytesMoved(kernel)),
    log2Intensity: Math.log2(Math.max(arithmeticOps(kernel), 1) / bytesMoved(kernel)),
    log2InnerExtent: Math.log2(kernel.dimensions.at(-1)?.extent ?? 1),
    log2ReductionDepth: Math.log2(reductionDepth(kernel)),
    rank: kernel.dimensions.length,
    operands: kernel.operands.length,
    stages: kernel.stages.length,
    reductions: kernel.stages.filter((stage) => stage.kind === 'reduce').length,
    contractions: kernel.stages.filter((stage) => stage.kind === 'contract').length,
    stridedShare: strided / all.length,
    bytesPerElement: BYTES[kernel.dtype],
    ...Object.fromEntries(classes().map((name) => [`share.${name}`, mix[name] / total])),
  });
}

function classes(): readonly OpClass[] {
  return tableNames(NO_OPS);
}
