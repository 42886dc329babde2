import type { Configuration, Value } from '../../search-space/parameter.ts';
import type { Budget, Environment, TargetRecord } from '../../store/records.ts';
import type { StopReason } from '../../tuner/budget.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { VisitStore } from '../../tuner/study.ts';
import type { Kernel } from '../kernels/ir.ts';

/** A study as it crosses to a worker thread: plain data, from which the worker makes the same study. */
export type StudyTask = Readonly<{
  studyId: string;
  kernel: Kernel;
  kernelSource: string;
  target: TargetRecord;
  strategy: string;
  seed: number;
  values: Readonly<Record<string, readonly Value[]>>;
  start: readonly Configuration[];
  budget: Budget;
}>;

/** To the worker. */
export type Order =
  | Readonly<{
      kind: 'visit';
      task: StudyTask;
      sliceMs: number;
      toolVersion: string;
      environment: Environment;
    }>
  | Readonly<{ kind: 'yield' }>
  | Readonly<{ kind: 'answer'; call: number; value: unknown }>
  | Readonly<{ kind: 'refusal'; call: number; message: string }>;

/** From the worker: a store call, an event, or the end of a slice. */
export type Word =
  | Readonly<{ kind: 'call'; call: number; method: StoreMethod; arguments: readonly unknown[] }>
  | Readonly<{ kind: 'event'; event: StudyEvent }>
  | Readonly<{ kind: 'sliced'; stoppedBy: StopReason }>
  | Readonly<{ kind: 'failed'; message: string }>;

/** The store's methods that a visit calls across threads; an iterable crosses as pages. */
export type StoreMethod = Exclude<keyof VisitStore, 'trials'> | 'trialsPage';

export const PAGE = 2000;
