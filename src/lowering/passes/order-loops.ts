import { stageLoops } from '../../kernels/walk.ts';
import { type LoopNest, type LoweredKernel, ONCE } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';

/** Orders the loops of each nest: the shared ones lead, the others as the policy says. */
export function orderLoops(lowered: LoweredKernel, { loopOrder }: LoweringPolicy): LoweredKernel {
  const { shared, kernel } = lowered;
  const declared = kernel.dimensions.map(({ name }) => name);
  const inner = (nest: LoopNest): readonly string[] => {
    const own = stageLoops(nest.stages[0]).filter((name) => !shared.includes(name));
    if (loopOrder === 'declared') return declared.filter((name) => own.includes(name));
    return [...own.filter((name) => !nest.over.has(name)), ...nest.over];
  };
  const nests = lowered.nests.map((nest) => {
    const loops = [...shared, ...inner(nest)];
    return { ...nest, loops: loops.length === 0 ? [ONCE] : loops };
  });
  return { ...lowered, nests };
}
