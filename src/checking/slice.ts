import { indexRange } from '../kernels/index-range.ts';
import type { IndexMap, Kernel, Operand, Stage } from '../kernels/ir.ts';
import { dimensionExtents, required } from '../kernels/lookup.ts';
import { mapIndices } from '../kernels/rewrite.ts';

/** A kernel restricted to a stretch of one dimension. */
type Slice = Readonly<{
  kernel: Kernel;
  /** By operand: the element of the whole that is the slice's element 0. */
  starts: ReadonlyMap<string, number>;
}>;

/** Elements of an operand: the first, and the one behind the last. */
type Stretch = Readonly<{ start: number; end: number }>;

/**
 * A kernel on the points `first` … `first + count − 1` of one dimension. Inputs and outputs shrink to what the
 * slice reads and writes, so that a slice of a large kernel is cheap to evaluate.
 */
export function sliceOf(kernel: Kernel, dimension: string, first: number, count: number): Slice {
  const moved = (at: IndexMap): IndexMap => ({
    ...at,
    offset: at.offset + (at.strides[dimension] ?? 0) * first,
  });
  const dimensions = kernel.dimensions.map((d) => (d.name === dimension ? { ...d, extent: count } : d));
  const stages = kernel.stages.map((stage) => mapIndices(stage, moved));
  const touched = stretchesIn(stages, dimensionExtents({ dimensions }));
  const operands = kernel.operands.map((operand) => partOf(operand, touched.get(operand.name)));
  const starts = new Map(operands.map(({ operand, start }) => [operand.name, start]));
  const shifted = (at: IndexMap, operand?: string): IndexMap =>
    operand === undefined ? at : { ...at, offset: at.offset - required(starts, operand) };
  return {
    starts,
    kernel: {
      ...kernel,
      dimensions,
      operands: operands.map(({ operand }) => operand),
      stages: stages.map((stage) => mapIndices(stage, shifted)),
    },
  };
}

/** By operand, what stages touch of it. */
function stretchesIn(
  stages: readonly Stage[],
  extents: ReadonlyMap<string, number>,
): ReadonlyMap<string, Stretch> {
  const touched = new Map<string, Stretch>();
  const look = (at: IndexMap, operand?: string): IndexMap => {
    if (operand === undefined) return at;
    const { least, greatest } = indexRange(at, extents);
    const { start, end } = touched.get(operand) ?? { start: least, end: greatest + 1 };
    touched.set(operand, { start: Math.min(start, least), end: Math.max(end, greatest + 1) });
    return at;
  };
  for (const stage of stages) mapIndices(stage, look);
  return touched;
}

/** What is changed in place stays whole. Under a mask, stages name elements that there are not. */
function partOf(
  operand: Operand,
  touched: Stretch | undefined,
): Readonly<{ operand: Operand; start: number }> {
  const { elements, role } = operand;
  if (role === 'inout' || touched === undefined) return { operand, start: 0 };
  const start = Math.min(Math.max(touched.start, 0), elements - 1);
  const end = Math.max(Math.min(touched.end, elements), start + 1);
  return { operand: { ...operand, elements: end - start }, start };
}
