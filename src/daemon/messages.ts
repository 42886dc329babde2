import type { Configuration, Value } from '../../search-space/parameter.ts';
import type { SpaceDefinition } from '../../search-space/space-definition.ts';
import type { Budget, Environment, TargetKind } from '../../store/records.ts';
import type { Prediction, Proposal, SettledTrial } from '../../store/trial.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import type { StopReason } from '../../tuner/budget.ts';
import type { StudyEvent } from '../../tuner/events.ts';
import type { FrozenPrior } from '../../tuner/priors/prior.ts';
import type { Kernel } from '../kernels/ir.ts';

/** A study as it crosses to a worker thread: plain data, from which the worker makes the same study. */
export type StudyTask = Readonly<{
  studyId: string;
  kernel: Kernel;
  kernelSource: string;
  /** A name or a path, as `resolveTarget` takes it, with what it was when the study was made. */
  target: Readonly<{ reference: string; kind: TargetKind; fingerprint: string }>;
  /** The space's hash when the study was made. */
  spaceHash: string;
  strategy: string;
  seed: number;
  values: Readonly<Record<string, readonly Value[]>>;
  start: readonly Configuration[];
  budget: Budget;
}>;

/** How a slice ended: the visit goes on, was concluded as it was ordered, or ended by itself. */
export type SliceEnd = StopReason | 'concluded';

/**
 * Why a study ended for its plan: by its own budget; by the plan's (`total`); because a person said so
 * (`stopped` with a comparison, `cancelled` without); or because it could not go on.
 */
export type EndReason = StopReason | 'total' | 'stopped' | 'cancelled' | 'failed';

/** A study whose trials somebody else measures, as it crosses to a thread that thinks about it. */
export type AskedStudy = Readonly<{
  studyId: string;
  space: SpaceDefinition;
  default: Configuration;
  strategy: string;
  seed: number;
}>;

/** What a thread is asked to think of. */
export type Question = Readonly<{ study: AskedStudy }> &
  (
    | Readonly<{ kind: 'propose'; count: number; without: readonly Configuration[] }>
    | Readonly<{ kind: 'predict'; configurations: readonly Configuration[] }>
  );

/** What it thinks: proposals; or a prediction for each configuration, null before there are two times. */
export type Thought =
  | Readonly<{ kind: 'propose'; proposals: readonly Proposal[] }>
  | Readonly<{ kind: 'predict'; predictions: readonly Prediction[] | null }>;

/** To the worker. */
export type Order =
  | Readonly<{ kind: 'question'; number: number; question: Question }>
  | Readonly<{
      kind: 'visit';
      task: StudyTask;
      sliceMs: number;
      /** Search no more: compare the best and end the visit. */
      conclude: boolean;
      toolVersion: string;
      environment: Environment;
    }>
  | Readonly<{ kind: 'yield' }>
  | Readonly<{ kind: 'answer'; call: number; value: unknown }>
  | Readonly<{ kind: 'refusal'; call: number; message: string }>;

/** From the worker: a store call, an event, or the end of a slice. */
export type Word =
  | (Readonly<{ kind: 'call'; call: number }> & StoreCall)
  | Readonly<{ kind: 'event'; event: StudyEvent }>
  | Readonly<{ kind: 'sliced'; end: SliceEnd }>
  | Readonly<{ kind: 'failed'; message: string }>
  | Readonly<{ kind: 'thought'; number: number; thought: Thought }>
  | Readonly<{ kind: 'thoughtless'; number: number; message: string }>;

/** The store as a slice needs it. */
export type SliceStore = VisitStore & Pick<Methods, 'frozenPrior'>;

type Methods = Omit<VisitStore, 'trials'> &
  Readonly<{
    trialsPage: (studyId: string, from: number) => Promise<readonly SettledTrial[]>;
    frozenPrior: (studyId: string) => Promise<FrozenPrior | undefined>;
  }>;

/** A call of the store by a visit; the iterable of trials crosses as pages. */
export type StoreCall = {
  [Method in keyof Methods]: Readonly<{ method: Method; arguments: Parameters<Methods[Method]> }>;
}[keyof Methods];

/** Trials in a page. */
export const PAGE = 1000;
