import type { ReplayTable } from '../../src/targets/replay/table.ts';
import { trainingSetFrom, transferPrior } from '../../tuner/models/transfer-prior.ts';
import type { Meter, Prior } from '../../tuner/strategies/_base.ts';
import { baselineOf } from './baseline.ts';
import { contestantNamed } from './contestants.ts';
import { CpuMeter } from './cpu-meter.ts';
import { otherDevices } from './devices.ts';
import type { Searched } from './results.ts';
import { searchLandscape } from './search-landscape.ts';
import type { Shelf } from './shelf.ts';
import { landscapeOfSubject, type Subject } from './subject.ts';

/**
 * The searches of one strategy on one landscape, with the seeds from `firstSeed` on; `others` are tables whose
 * studies may be in the store.
 */
export type Task = Readonly<{
  subject: Subject;
  strategy: string;
  firstSeed: number;
  seeds: number;
  trials: number;
  /** Proposed at once. */
  wave: number;
  /** Whether a part of it is proposed ahead of what is settled, as in a fleet. */
  ahead: boolean;
  others: readonly string[];
}>;

/** Performs a task. Measures the CPU time of the process, so it must perform one task at a time. */
export async function perform(task: Task, shelf: Shelf): Promise<Searched> {
  const { subject, strategy, firstSeed, seeds, trials, wave, ahead, others } = task;
  const landscape = await landscapeOfSubject(subject, shelf);
  const prior = subject.kind === 'made-up' ? undefined : await priorFrom(subject.path, others, shelf);
  const { name, family, space } = landscape;
  const models = new CpuMeter();
  const meter: Meter = (work) => models.measure(work);
  const context = { space, meter, ...(prior === undefined ? {} : { prior }) };
  const factory = contestantNamed(strategy);
  const all = new CpuMeter();
  const ends = Array.from({ length: seeds }, (): number[] => []);
  const curves = all.measure(() =>
    ends.map((ended, i) =>
      searchLandscape(landscape, factory.create({ ...context, seed: firstSeed + i }), trials, {
        wave,
        ahead,
        listen: (index) => ended.push((ended.at(-1) ?? 0) + (landscape.trialMs?.(index) ?? 0)),
      }),
    ),
  );
  const baseline = baselineOf(landscape);
  return {
    space: name,
    family,
    strategy,
    baseline,
    curves,
    endsMs: landscape.trialMs && ends.map((ended) => Float64Array.from(ended)),
    cpuMs: all.totalMs,
    modelCpuMs: models.totalMs,
  };
}

async function priorFrom(path: string, others: readonly string[], shelf: Shelf): Promise<Prior | undefined> {
  if (others.length === 0) return undefined;
  const table: ReplayTable = await shelf.table(path);
  const tables = await Promise.all(others.map((other) => shelf.table(other)));
  const studies = otherDevices(table, tables).map((other) => shelf.study(other));
  const { parameters } = table.space;
  return transferPrior(
    parameters,
    studies.map((study) => trainingSetFrom(parameters, study)),
    'other devices',
  );
}
