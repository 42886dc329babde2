import type { SearchSpace } from '../../search-space/search-space.ts';
import type { ReplayTable } from '../../src/targets/replay/table.ts';

/** A space of which the time of each member is known: a table, or a function. */
export type Landscape = Readonly<{
  name: string;
  /** Landscapes of one family are alike; a choice made on one family is judged on the others. */
  family: string;
  space: SearchSpace;
  /** The smallest time. */
  optimumUs: number;
  /** NaN for a failure. */
  timeUs: (index: number) => number;
  /** What a trial took, building included, in milliseconds, where a table says so. */
  trialMs?: (index: number) => number;
}>;

export function landscapeOf(table: ReplayTable): Landscape {
  const { name, kernel, space, optimumUs, timesUs, trialMs } = table;
  return {
    name,
    family: kernel,
    space,
    optimumUs,
    timeUs: (index) => timesUs[index],
    ...(trialMs && { trialMs: (index) => trialMs[index] }),
  };
}
