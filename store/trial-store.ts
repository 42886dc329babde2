import type { Comparison } from './comparison.ts';
import type {
  ImportedKernel,
  KernelRecord,
  ModelRecord,
  NewPlan,
  NewStudy,
  NewVisit,
  PlanRecord,
  StoredBest,
  StoredFindings,
  StudyRecord,
  StudyState,
  TargetRecord,
  VisitRecord,
} from './records.ts';
import type { InvalidReason, Outcome, Proposal, SettledTrial, Trial, UnsettledTrial } from './trial.ts';

/** Milliseconds since 1970, for records that people read. */
export type Clock = Readonly<{ now(): number }>;

/** A proposal with its fate, before the store gives it a number. */
export type Result = Proposal & Outcome;

/** What is made durable at once. `activeMs` is the visit's working time so far. */
export type Batch = Readonly<{
  studyId: string;
  visitId: number;
  activeMs: number;
  results: readonly Result[];
}>;

/** `repeated` were refused: their configuration has a result in this study already, which stays. */
export type Settled = Readonly<{ settled: readonly SettledTrial[]; repeated: readonly Result[] }>;

export type TrialCounts = Readonly<{
  settled: number;
  timed: number;
  invalid: Readonly<Record<InvalidReason, number>>;
  running: number;
  abandoned: number;
  /** Settled trials by subset of mechanisms. */
  bySubset: Readonly<Record<string, number>>;
}>;

export type StudySummary = Readonly<{
  study: StudyRecord;
  kernel: Readonly<{ hash: string; name: string; shape: string; dtype: string }>;
  target: Readonly<{ fingerprint: string; name: string; kind: TargetRecord['kind'] }>;
  settled: number;
  timed: number;
  best: StoredBest | undefined;
  lastVisit: VisitRecord | undefined;
}>;

export type StudyFilter = Readonly<{
  kernelName?: string;
  kernelHash?: string;
  shape?: string;
  dtype?: string;
  targetName?: string;
  targetFingerprint?: string;
  state?: StudyState;
}>;

export type TrialFilter = Readonly<{
  studyId?: string;
  /** Without a state: all that are settled. */
  state?: Trial['state'];
  subset?: string;
  reason?: InvalidReason;
  /** Within a study: 'number' (default) as they were settled; 'time' fastest first, timed trials only. */
  order?: 'number' | 'time';
  limit: number;
  offset?: number;
}>;

export type ListedTrial = Readonly<{ studyId: string; trial: Trial }>;

/** A target's name stands for the fingerprint of that name that was saved last. */
export type BestQuery = Readonly<{
  kernel: Readonly<{ hash: string }> | Readonly<{ name: string; shape: string; dtype: string }>;
  target: Readonly<{ fingerprint: string }> | Readonly<{ name: string }>;
}>;

/** How many of each were taken over from another store. */
export type Merged = Readonly<{
  kernels: number;
  targets: number;
  studies: number;
  trials: number;
  models: number;
}>;

/** How many of each were deleted. */
export type Collected = Readonly<{ targets: number; studies: number; trials: number; kernels: number }>;

/** Bests to choose from: other shapes of a kernel, a whole export. */
export type BestFilter = Readonly<{
  kernelName?: string;
  dtype?: string;
  targetFingerprint?: string;
}>;

/**
 * What happened, durably. One writer; a promise that resolves is on the disk, and one that rejects
 * (with StoreError) changed nothing. What is read was checked against its schema.
 *
 * Kernels, targets and studies are immutable once saved, and saving one again changes nothing
 * (only a study's state changes, a target saved again becomes its name's latest, and a kernel saved
 * under a second name answers to both).
 *
 * A study is named by its whole id (only `study` takes the beginning of one); an id of no study is a
 * RangeError.
 *
 * Every implementation runs `trial-store.conformance.ts`.
 */
export interface TrialStore {
  /** What a person shall be told: the file's path, or ":memory:". */
  readonly location: string;

  saveKernel(kernel: KernelRecord): Promise<void>;
  /** Saves it into the list of the user's own kernels; the same name again replaces the entry. */
  importKernel(kernel: KernelRecord, calls: number | null): Promise<void>;
  kernel(hash: string): Promise<KernelRecord | undefined>;
  /** All kernels, by name, shape, dtype. */
  kernels(filter?: Readonly<{ name?: string }>): Promise<readonly KernelRecord[]>;
  importedKernel(name: string): Promise<ImportedKernel | undefined>;
  importedKernels(): Promise<readonly ImportedKernel[]>;

  saveTarget(target: TargetRecord): Promise<void>;
  target(fingerprint: string): Promise<TargetRecord | undefined>;
  /** All targets, by name; of one name, the latest first. */
  targets(filter?: Readonly<{ name?: string }>): Promise<readonly TargetRecord[]>;

  /** The stored study of this identity, created if new. Its kernel and target must be saved. */
  openStudy(study: NewStudy): Promise<StudyRecord>;
  /** By its id or by the beginning of it where only one study has it. */
  study(id: string): Promise<StudyRecord | undefined>;
  setStudyState(id: string, state: StudyState): Promise<void>;
  /** Newest first. */
  studies(filter?: StudyFilter): Promise<readonly StudySummary[]>;

  /** The visit that was begun and not ended, with its own budget. */
  interruptedVisit(studyId: string): Promise<VisitRecord | undefined>;
  /** An open visit of the study is ended first, as 'interrupted'. */
  startVisit(visit: NewVisit): Promise<VisitRecord>;
  endVisit(visitId: number, end: Readonly<{ stoppedBy: string; activeMs: number }>): Promise<void>;
  /** Oldest first. */
  visits(studyId: string): Promise<readonly VisitRecord[]>;

  /** Somebody is measuring these now. A configuration that is running or has its result is left as it is. */
  markRunning(studyId: string, proposals: readonly Proposal[]): Promise<void>;
  /** Gives up running trials (all, of one study, or begun before a time); says how many. */
  abandonRunning(which?: Readonly<{ studyId?: string; startedBefore?: number }>): Promise<number>;
  /** Makes a batch durable in one transaction and numbers its trials on. */
  settle(batch: Batch): Promise<Settled>;

  /** Settled trials in order from a number (default 0), read in pages. */
  trials(studyId: string, from?: number): AsyncIterable<SettledTrial>;
  unsettled(studyId: string): Promise<readonly UnsettledTrial[]>;
  listTrials(filter: TrialFilter): Promise<readonly ListedTrial[]>;
  counts(studyId: string): Promise<TrialCounts>;
  /** The fastest timed trials of a study, fastest first. */
  fastest(studyId: string, limit: number): Promise<readonly SettledTrial[]>;

  /** Stores a comparison whole; its id. */
  saveComparison(studyId: string, comparison: Comparison): Promise<number>;
  comparison(id: number): Promise<Comparison | undefined>;
  /** Replaces the study's earlier findings. */
  saveFindings(findings: Omit<StoredFindings, 'foundAt'>): Promise<void>;
  findings(studyId: string): Promise<StoredFindings | undefined>;

  /** The fastest that any study of this kernel on this target recommends (or, before its comparison, has seen). */
  best(query: BestQuery): Promise<StoredBest | undefined>;
  /** The best of every kernel on every target, by kernel name, shape, dtype, target. */
  bests(filter?: BestFilter): Promise<readonly StoredBest[]>;

  saveModel(model: Omit<ModelRecord, 'createdAt'>): Promise<void>;
  model(version: string): Promise<ModelRecord | undefined>;
  latestModel(kind: string): Promise<ModelRecord | undefined>;

  /** Keeps a plan; its studies must be here. */
  savePlan(plan: NewPlan): Promise<PlanRecord>;
  plan(id: string): Promise<PlanRecord | undefined>;
  /** Oldest first. */
  plans(filter?: Readonly<{ active?: boolean }>): Promise<readonly PlanRecord[]>;
  keepPlanActive(id: string, activeMs: number): Promise<void>;
  /** From now on the study is visited for the plan; an open visit counts as the plan's. */
  beginPlanned(planId: string, studyId: string): Promise<void>;
  /** Why the last visit made for the plan ended; undefined while none has run to its end. */
  plannedEnd(planId: string, studyId: string): Promise<string | undefined>;
  endPlanned(planId: string, studyId: string, stoppedBy: string): Promise<void>;
  endPlan(id: string): Promise<void>;

  /**
   * Takes over what the store in another file has and this one lacks. A configuration that has a
   * result here keeps it; later findings of a study replace earlier ones. Repeated, it takes nothing.
   */
  merge(path: string): Promise<Merged>;
  /** Deletes targets with all that was measured on them, and kernels that nothing needs any more. */
  collect(fingerprints: readonly string[]): Promise<Collected>;

  /** What an exhaustive look at the file finds wrong; nothing when it is sound. Takes seconds on a large one. */
  problems(): Promise<readonly string[]>;

  /** Flushes and releases the file and its lock. */
  close(): Promise<void>;
}
