import type { DType, Kernel } from '../../kernels/ir.ts';

/**
 * How far a result may be from the float64 reference, after the measured errors of correct code:
 * - element-wise: 1e-6 · max(1, |y|);
 * - with reductions: 1e-5 · max(1, |y|), or 1e-5 · |y| + 1e-8 where every result is a share of one
 *   (a quotient by a sum);
 * - contractions and plain sums: 2^-24 · (8 + 2√K) · Σ|a||b|, which `magnitude` brings;
 * - plus half a unit in the last place of what is stored; integers are exact.
 */
export type Tolerance = Readonly<{ kind: 'elementwise' | 'reduced' | 'summed' | 'exact'; terms: number }>;

export function toleranceOf(kernel: Kernel): Tolerance {
  const extent = (names: readonly string[]): number =>
    names.reduce((product, name) => product * kernel.dimensions.find((d) => d.name === name)!.extent, 1);
  const folds = kernel.stages.filter((stage) => stage.kind === 'reduce' || stage.kind === 'contract');
  const sums = folds.filter((fold) => fold.kind === 'contract' || fold.combine.kind === 'sum');
  const terms = Math.max(1, ...sums.map((fold) => extent(fold.over)));
  const plain = folds.length === 1 && sums.length === 1;
  return { kind: folds.length === 0 ? 'elementwise' : plain ? 'summed' : 'reduced', terms };
}

/** The allowed error of one result; `magnitude` is what the same sum of absolute values gives. */
export function allowed({ kind, terms }: Tolerance, dtype: DType, want: number, magnitude: number): number {
  if (STORED[dtype] === undefined) return 0;
  const size = Math.abs(want);
  const stored = STORED[dtype] * Math.max(size, 2 ** -14);
  if (kind === 'elementwise') return 1e-6 * Math.max(1, size) + stored;
  if (kind === 'reduced') return 1e-5 * Math.max(1, size) + stored;
  return 2 ** -24 * (8 + 2 * Math.sqrt(terms)) * Math.max(magnitude, size) + stored;
}

/** Half a unit in the last place, relative; what is narrower than f32 rounds when it is stored. */
const STORED: Readonly<Partial<Record<DType, number>>> = { f32: 2 ** -24, f16: 2 ** -10.9, bf16: 2 ** -7.9 };
