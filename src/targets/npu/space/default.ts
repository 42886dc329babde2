import { completeConfiguration } from '../../../../search-space/complete-configuration.ts';
import type { Configuration, Value } from '../../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../../search-space/search-space.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { ruleTiles } from './tiling-rule.ts';

/** What the target's compiler would choose today by its own rules, with `more` where the space has it. A member of the space. */
export function defaultConfiguration(
  kernel: Kernel,
  target: SimulatedTarget,
  space: SearchSpace,
  more: Configuration = {},
): Configuration {
  const { compiler, vector } = target;
  const preferred: Record<string, Value> = {
    staging: compiler.default.staging,
    threads: 1,
    split: 'tiles-block',
    buffers: 1,
    unit: 'vector',
    weights: 'streamed',
    vectorBytes: compiler.default.vectorized ? vector.bytes : 0,
    unroll: compiler.default.unroll,
    ...(compiler.default.staging === 'direct' ? {} : ruleTiles(loweredForNpu(kernel), target)),
  };
  for (const { name } of space.parameters) if (more[name] !== undefined) preferred[name] = more[name];
  if (space.has(preferred)) return space.at(space.indexOf(preferred));
  return completeConfiguration(space, preferred, {});
}
