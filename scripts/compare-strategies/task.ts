import type { ReplayTable } from '../../src/targets/replay/table.ts';
import { trainingSetFrom, transferPrior } from '../../tuner/models/transfer-prior.ts';
import type { Meter, Prior } from '../../tuner/strategies/_base.ts';
import { strategyNamed } from '../../tuner/strategies/registry.ts';
import { CpuMeter } from './cpu-meter.ts';
import { otherDevices } from './devices.ts';
import type { Searched } from './results.ts';
import { searchTable } from './search-table.ts';
import type { Shelf } from './shelf.ts';

/** The searches of one strategy on one table with all seeds; `others` are tables whose studies may be in the store. */
export type Task = Readonly<{
  path: string;
  strategy: string;
  seeds: number;
  trials: number;
  others: readonly string[];
}>;

/** Performs a task. Measures the CPU time of the process, so it must perform one task at a time. */
export async function perform(
  { path, strategy, seeds, trials, others }: Task,
  shelf: Shelf,
): Promise<Searched> {
  const table = await shelf.table(path);
  const prior = await priorFrom(table, others, shelf);
  const models = new CpuMeter();
  const meter: Meter = (work) => models.measure(work);
  const context = { space: table.space, meter, ...(prior === undefined ? {} : { prior }) };
  const all = new CpuMeter();
  const curves = all.measure(() =>
    Array.from({ length: seeds }, (_, seed) =>
      searchTable(table, strategyNamed(strategy).create({ ...context, seed: seed + 1 }), trials),
    ),
  );
  return { space: table.name, strategy, curves, cpuMs: all.totalMs, modelCpuMs: models.totalMs };
}

async function priorFrom(
  table: ReplayTable,
  others: readonly string[],
  shelf: Shelf,
): Promise<Prior | undefined> {
  const tables = await Promise.all(others.map((other) => shelf.table(other)));
  const studies = otherDevices(table, tables).map((other) => shelf.study(other));
  const { parameters } = table.space;
  return transferPrior(
    parameters,
    studies.map((study) => trainingSetFrom(parameters, study)),
    'other devices',
  );
}
