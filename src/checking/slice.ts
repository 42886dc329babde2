import { indexRange } from '../kernels/index-range.ts';
import type { IndexMap, Kernel } from '../kernels/ir.ts';
import { dimensionExtents, operandNamed } from '../kernels/lookup.ts';
import { mapIndices } from '../kernels/rewrite.ts';

/** A kernel restricted to a stretch of one dimension, over the same inputs. */
type Slice = Readonly<{
  kernel: Kernel;
  /** By written operand: the element of the whole that is the slice's element 0. */
  starts: Readonly<Record<string, number>>;
}>;

/**
 * A kernel on the points `first` … `first + count − 1` of one dimension. Inputs stay whole; outputs shrink
 * to what the slice writes, so that a slice of a large kernel is cheap to evaluate.
 */
export function sliceOf(kernel: Kernel, dimension: string, first: number, count: number): Slice {
  const moved = (at: IndexMap): IndexMap => ({
    ...at,
    offset: at.offset + (at.strides[dimension] ?? 0) * first,
  });
  const dimensions = kernel.dimensions.map((d) => (d.name === dimension ? { ...d, extent: count } : d));
  const extents = dimensionExtents({ dimensions });
  const stages = kernel.stages.map((stage) => mapIndices(stage, moved));
  const starts: Record<string, number> = {};
  const sizes: Record<string, number> = {};
  for (const stage of stages) {
    if (stage.kind !== 'store') continue;
    const { least, greatest } = indexRange(stage.at, extents);
    const start = Math.min(starts[stage.operand] ?? least, least);
    const end = Math.max((starts[stage.operand] ?? 0) + (sizes[stage.operand] ?? 0), greatest + 1);
    starts[stage.operand] = start;
    sizes[stage.operand] = end - start;
  }
  return {
    starts,
    kernel: {
      ...kernel,
      dimensions,
      operands: kernel.operands.map((operand) =>
        operand.role === 'output' ? { ...operand, elements: sizes[operand.name] ?? 0 } : operand,
      ),
      stages: stages.map((stage) =>
        stage.kind === 'store' && operandNamed(kernel, stage.operand).role === 'output'
          ? { ...stage, at: { ...stage.at, offset: stage.at.offset - starts[stage.operand] } }
          : stage,
      ),
    },
  };
}
