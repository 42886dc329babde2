import type { DType, Expression, Kernel } from '../kernels/ir.ts';
import { dimensionExtents, pointsOver } from '../kernels/lookup.ts';
import { walk } from '../kernels/walk.ts';

/**
 * How far a result may be from the float64 reference, from the measured errors of correct code:
 * - element-wise: 1e-6 · max(1, |y|, Σ|x|) over the elements x that y is made of;
 * - with reductions: 1e-5 · max(1, |y|);
 * - contractions and plain sums of K terms: 2^-24 · (8 + 2√K) · Σ|a||b|, given as `magnitude`;
 * - plus half a unit in the last place of what is stored; integers are exact.
 */
export type Tolerance = Readonly<{ kind: 'elementwise' | 'reduced' | 'summed' | 'exact'; terms: number }>;

export function toleranceOf(kernel: Kernel): Tolerance {
  const extents = dimensionExtents(kernel);
  const reductions = kernel.stages.filter((stage) => stage.kind === 'reduce' || stage.kind === 'contract');
  const sums = reductions.filter(
    (reduction) => reduction.kind === 'contract' || reduction.combine.kind === 'sum',
  );
  const terms = Math.max(1, ...sums.map((reduction) => pointsOver(extents, reduction.over)));
  const plain = reductions.length === 1 && sums.length === 1;
  return { kind: reductions.length === 0 ? 'elementwise' : plain ? 'summed' : 'reduced', terms };
}

/**
 * A kernel whose results, on the absolute values of the inputs, are the magnitudes that `allowed`
 * asks for: the same sums, or for element-wise kernels the sum of what each result is made of.
 */
export function magnitudeKernel(kernel: Kernel, { kind }: Tolerance): Kernel {
  if (kind !== 'elementwise') return kernel;
  const stages = kernel.stages.map((stage) =>
    stage.kind === 'store' ? { ...stage, value: sumOfLoads(kernel, stage.value) } : stage,
  );
  return { ...kernel, stages };
}

function sumOfLoads(kernel: Kernel, value: Expression): Expression {
  const dtype = 'f64';
  let sum: Expression = { kind: 'constant', value: 0, dtype };
  const visit = (expression: Expression): void =>
    walk(expression, (part) => {
      if (part.kind === 'load') sum = { kind: 'binary', op: 'add', left: sum, right: part, dtype };
      if (part.kind !== 'value') return;
      const map = kernel.stages.find((stage) => stage.kind === 'map' && stage.name === part.name);
      if (map?.kind === 'map') visit(map.value);
    });
  visit(value);
  return sum;
}

/** The permitted error of one result, absolute. */
export function allowed({ kind, terms }: Tolerance, dtype: DType, want: number, magnitude: number): number {
  if (STORED[dtype] === undefined) return 0;
  const size = Math.abs(want);
  const stored = STORED[dtype] * Math.max(size, 2 ** -14);
  if (kind === 'elementwise') return 1e-6 * Math.max(1, size, magnitude) + stored;
  if (kind === 'reduced') return 1e-5 * Math.max(1, size) + stored;
  return 2 ** -24 * (8 + 2 * Math.sqrt(terms)) * Math.max(magnitude, size) + stored;
}

/** Half a unit in the last place, relative, of the dtypes that round results: narrower ones when they are stored. */
const STORED: Readonly<Partial<Record<DType, number>>> = { f32: 2 ** -24, f16: 2 ** -10.9, bf16: 2 ** -7.9 };
