import type { Kernel } from '../../../kernels/ir.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import { buildSpace } from '../space/space.ts';
import { type LeastTimes, leastTimes } from './bounds.ts';
import { readSchedule } from './schedule.ts';
import { modelOf } from './simulate.ts';

/** Lower bounds on the time of any configuration, in µs: with all threads, in the best width and unrolling. */
export function roofline(kernel: Kernel, target: SimulatedTarget): LeastTimes {
  const model = modelOf(kernel, target);
  const space = buildSpace(kernel, target);
  const valuesOf = (wanted: string) => space.parameters.find(({ name }) => name === wanted)?.values ?? [];
  const bounds = valuesOf('vectorBytes').flatMap((vectorBytes) =>
    valuesOf('unroll').map((unroll) => {
      const schedule = readSchedule({ ...space.at(0), vectorBytes, unroll }, model.lowered);
      return leastTimes(model, { ...schedule, threads: target.contexts });
    }),
  );
  return {
    memoryUs: bounds[0].memoryUs,
    computeUs: Math.min(...bounds.map(({ computeUs }) => computeUs)),
  };
}
