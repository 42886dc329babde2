import { stageLoops } from '../../kernels/walk.ts';
import { type LoweredKernel, ONCE } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';

/** Finds the loops around all nests: parallel, and loops of every stage that has a say. */
export function chooseSharedLoops(lowered: LoweredKernel, { sharesAround }: LoweringPolicy): LoweredKernel {
  const { dimensions, stages } = lowered.kernel;
  const asked = stages.filter((stage) => sharesAround === 'all stages' || stage.kind !== 'map');
  const shared = dimensions
    .filter(
      ({ kind, name }) => kind === 'parallel' && asked.every((stage) => stageLoops(stage).includes(name)),
    )
    .map(({ name }) => name);
  const named = dimensions.map(({ name, extent }) => [name, extent] as const);
  return { ...lowered, shared, extents: Object.fromEntries([...named, [ONCE, 1]]) };
}
