import type { IndexMap, Kernel, Stage } from '../../kernels/ir.ts';
import { dimensionExtent } from '../../kernels/lookup.ts';
import { mapIndices } from '../../kernels/rewrite.ts';
import { stageLoops } from '../../kernels/walk.ts';
import type { LoweredKernel } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';

/**
 * Merges neighbouring dimensions where every access walks them as one: rows and columns of a contiguous
 * element-wise kernel become one dimension.
 */
export function collapseLoops(lowered: LoweredKernel, { collapsesLoops }: LoweringPolicy): LoweredKernel {
  return collapsesLoops ? { ...lowered, kernel: collapsed(lowered.kernel) } : lowered;
}

function collapsed(kernel: Kernel): Kernel {
  for (let place = 0; place + 1 < kernel.dimensions.length; place++) {
    const [outer, inner] = kernel.dimensions.slice(place, place + 2);
    if (kernel.stages.every((stage) => mergeable(stage, outer.name, inner))) {
      return collapsed(merge(kernel, outer.name, inner));
    }
  }
  return kernel;
}

type Inner = Readonly<{ name: string; extent: number }>;

function mergeable(stage: Stage, outer: string, inner: Inner): boolean {
  const together = (names: readonly string[]): boolean =>
    names.includes(outer) === names.includes(inner.name) &&
    (!names.includes(outer) || names.indexOf(outer) + 1 === names.indexOf(inner.name));
  const walked = (at: IndexMap): boolean =>
    (at.strides[outer] ?? 0) === (at.strides[inner.name] ?? 0) * inner.extent;
  let whole = together(stage.dims) && (!('over' in stage) || together(stage.over));
  mapIndices(stage, (at) => {
    whole &&= walked(at);
    return at;
  });
  return whole && (stageLoops(stage).length > 0 || !stage.dims.includes(outer));
}

/** Merges the outer dimension into the inner one, whose strides stay. */
function merge(kernel: Kernel, outer: string, inner: Inner): Kernel {
  const extent = inner.extent * dimensionExtent(kernel, outer);
  const without = (names: readonly string[]): string[] => names.filter((name) => name !== outer);
  const strip = ({ offset, strides }: IndexMap): IndexMap => ({
    offset,
    strides: Object.fromEntries(Object.entries(strides).filter(([name]) => name !== outer)),
  });
  return {
    ...kernel,
    dimensions: kernel.dimensions
      .filter(({ name }) => name !== outer)
      .map((dimension) => (dimension.name === inner.name ? { ...dimension, extent } : dimension)),
    stages: kernel.stages.map((stage) => {
      const mapped = mapIndices(stage, strip);
      return 'over' in mapped
        ? { ...mapped, dims: without(mapped.dims), over: without(mapped.over) }
        : { ...mapped, dims: without(mapped.dims) };
    }),
  };
}
