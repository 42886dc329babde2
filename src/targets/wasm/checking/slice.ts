import type { IndexMap, Kernel } from '../../../kernels/ir.ts';
import { mapIndices } from '../generator/collapse.ts';

/** A stretch of one dimension of a kernel, as a kernel of its own over the same inputs. */
export type Slice = Readonly<{
  kernel: Kernel;
  /** By written operand: the element of the whole that is the slice's element 0. */
  starts: Readonly<Record<string, number>>;
}>;

/**
 * The points `first` … `first + count − 1` of a dimension. Inputs keep their places; written
 * operands shrink to what the slice writes, so that a slice of a large kernel is cheap to evaluate.
 */
export function sliceOf(kernel: Kernel, dimension: string, first: number, count: number): Slice {
  const moved = (at: IndexMap): IndexMap => ({
    ...at,
    offset: at.offset + (at.strides[dimension] ?? 0) * first,
  });
  const dimensions = kernel.dimensions.map((d) => (d.name === dimension ? { ...d, extent: count } : d));
  const stages = kernel.stages.map((stage) => mapIndices(stage, moved));
  const starts: Record<string, number> = {};
  const sizes: Record<string, number> = {};
  for (const stage of stages) {
    if (stage.kind !== 'store') continue;
    const { least, greatest } = reach(stage.at, dimensions);
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
        stage.kind === 'store' && roleOf(kernel, stage.operand) === 'output'
          ? { ...stage, at: { ...stage.at, offset: stage.at.offset - starts[stage.operand] } }
          : stage,
      ),
    },
  };
}

function roleOf(kernel: Kernel, operand: string): string {
  return kernel.operands.find(({ name }) => name === operand)!.role;
}

function reach(at: IndexMap, dimensions: Kernel['dimensions']): { least: number; greatest: number } {
  let [least, greatest] = [at.offset, at.offset];
  for (const { name, extent } of dimensions) {
    const span = (at.strides[name] ?? 0) * (extent - 1);
    if (span < 0) least += span;
    else greatest += span;
  }
  return { least, greatest };
}
