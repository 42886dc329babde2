import type { SearchSpace } from '../../search-space/search-space.ts';
import { type TransferredTrial, trainingSetFrom, transferPrior } from '../../tuner/models/transfer-prior.ts';
import type { Meter, Prior } from '../../tuner/strategies/_base.ts';
import { baselineOf } from './baseline.ts';
import { contestantNamed } from './contestants.ts';
import { CpuMeter } from './cpu-meter.ts';
import { otherDevices } from './devices.ts';
import { transferred } from './families/transferred.ts';
import type { Searched } from './results.ts';
import { searchLandscape } from './search-landscape.ts';
import type { Shelf } from './shelf.ts';
import { storedStudy } from './stored-study.ts';
import { landscapeOfSubject, type Subject } from './subject.ts';

/**
 * The searches of one strategy on one landscape, with the seeds from `firstSeed` on; `others` are tables whose
 * studies may be in the store; with any, a family's other devices have theirs there, too.
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
  const { name, family, space } = landscape;
  const prior = await priorFrom(subject, space, others, shelf);
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

/** What the studies of other devices predict; undefined where there are none. */
async function priorFrom(
  subject: Subject,
  { parameters }: SearchSpace,
  others: readonly string[],
  shelf: Shelf,
): Promise<Prior | undefined> {
  if (others.length === 0) return undefined;
  const studies = await studiesBeside(subject, others, shelf);
  return transferPrior(
    parameters,
    studies.map((study) => trainingSetFrom(parameters, study)),
    'other devices',
  );
}

async function studiesBeside(
  subject: Subject,
  others: readonly string[],
  shelf: Shelf,
): Promise<readonly (readonly TransferredTrial[])[]> {
  if (subject.kind === 'made-up') return [];
  if (subject.kind === 'transferred')
    return transferred(subject.family, subject.seed, subject.draw).others.map(storedStudy);
  const table = await shelf.table(subject.path);
  const tables = await Promise.all(others.map((other) => shelf.table(other)));
  return otherDevices(table, tables).map((other) => shelf.study(other));
}
