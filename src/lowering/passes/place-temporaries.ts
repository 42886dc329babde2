import type { DType } from '../../kernels/ir.ts';
import { stageResults } from '../../kernels/walk.ts';
import type { LoopNest, LoweredKernel, Temporary } from '../lowered-kernel.ts';
import { namesRead } from '../maps.ts';
import type { LoweringPolicy } from '../policy.ts';

/** Bytes of a value in scratch, and what its array is rounded up to: a cache line. */
const SCRATCH_BYTES = 4;
const LINE_BYTES = 64;

type Value = Readonly<{ name: string; dtype: DType; dims: readonly string[] }>;

/** Gives each value that a nest computes for another a place: a register, or an array in its own loops. */
export function placeTemporaries(lowered: LoweredKernel, policy: LoweringPolicy): LoweredKernel {
  const { lanesAcross, extents } = lowered;
  const { lanes, place } = policy.temporaries;
  const together = lanesAcross === undefined ? 1 : lanes;
  const temporaries: Temporary[] = [];
  let scratchBytes = 0;
  for (const value of valuesToPlace(lowered, policy)) {
    const strides: Record<string, number> = lanesAcross === undefined ? {} : { [lanesAcross]: 1 };
    let elements = together;
    for (const dim of value.dims.toReversed()) {
      strides[dim] = elements;
      elements *= extents[dim];
    }
    const at = { offset: 0, strides };
    if (value.dims.length === 0) temporaries.push({ ...value, at, place: { kind: 'register' } });
    else if (place === 'memory') temporaries.push({ ...value, at, place: { kind: 'memory' } });
    else {
      const bytes = Math.ceil((elements * SCRATCH_BYTES) / LINE_BYTES) * LINE_BYTES;
      temporaries.push({ ...value, at, place: { kind: 'scratch', offset: scratchBytes, bytes } });
      scratchBytes += bytes;
    }
  }
  return { ...lowered, temporaries, scratchBytes };
}

/** Values that a nest leaves to others, in the order in which they are first read, or in that of the nests. */
function valuesToPlace(lowered: LoweredKernel, { temporaries }: LoweringPolicy): readonly Value[] {
  const values = lowered.nests.flatMap((nest) => resultsOf(lowered, nest));
  if (temporaries.which === 'all with loops of their own') return values;
  const read = lowered.nests.flatMap((nest) => {
    const own = new Set(resultsOf(lowered, nest).map(({ name }) => name));
    return nest.stages.flatMap(namesRead).filter((name) => !own.has(name));
  });
  return [...new Set(read)].flatMap((name) => values.find((value) => value.name === name) ?? []);
}

function resultsOf({ shared }: LoweredKernel, { stages }: LoopNest): readonly Value[] {
  return stages.flatMap((stage) =>
    stageResults(stage).map(({ name, dtype }) => ({
      name,
      dtype,
      dims: stage.dims.filter((dim) => !shared.includes(dim)),
    })),
  );
}
