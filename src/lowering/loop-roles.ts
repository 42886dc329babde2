import type { LoopNest, LoweredKernel } from './lowered-kernel.ts';
import type { Schedule } from './schedule.ts';

/**
 * What a loop is for. Iterations of a shared loop are divided among threads; a tile loop steps from tile to
 * tile; lanes run along the vector loop; copies of a body along the unrolled one; a reduce loop accumulates.
 */
export type LoopRole = 'shared' | 'tile' | 'vector' | 'unroll' | 'reduce';

/** The roles of one loop of a nest under a schedule. */
export function loopRoles(
  { shared }: LoweredKernel,
  { over, vector, unroll }: LoopNest,
  loop: string,
  schedule: Schedule,
): readonly LoopRole[] {
  const roles: LoopRole[] = [];
  if (shared.includes(loop)) roles.push('shared');
  if (over.has(loop)) roles.push('reduce');
  if (loop === vector && schedule.vectorBytes > 0) roles.push('vector');
  if (loop === unroll && schedule.unroll > 1) roles.push('unroll');
  return roles;
}
