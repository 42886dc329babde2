import type { ReplayTable } from '../../src/backends/replay/table.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import type { Searched } from './results.ts';
import { searchTable } from './search-table.ts';

/** All seeds of one strategy on one table. */
export type Task = Readonly<{ path: string; strategy: string; seeds: number; trials: number }>;

/** CPU time is this process's: run one task at a time in it. */
export function perform({ strategy, seeds, trials }: Task, table: ReplayTable): Searched {
  const before = process.cpuUsage();
  const curves = Array.from({ length: seeds }, (_, seed) =>
    searchTable(table, strategyNamed(strategy).create({ space: table.space, seed: seed + 1 }), trials),
  );
  const { user, system } = process.cpuUsage(before);
  return { space: table.name, strategy, curves, cpuMs: (user + system) / 1000 };
}
