import type { NewStudy, StoredBest, StudyRecord, StudyState, TargetRecord, VisitRecord } from './records.ts';
import type { InvalidReason, SettledTrial, Trial, UnsettledTrial } from './trial.ts';
import type { TrialLog } from './trial-log.ts';

/** How the settled trials of a study ended. */
export type SettledCounts = Readonly<{
  timed: number;
  invalid: Readonly<Record<InvalidReason, number>>;
  /** Settled trials by the subspace that they were proposed for. */
  bySubset: Readonly<Record<string, number>>;
}>;

export type TrialCounts = SettledCounts & Readonly<{ settled: number; running: number; abandoned: number }>;

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
  /** Default: all settled trials. */
  state?: Trial['state'];
  subset?: string;
  reason?: InvalidReason;
  /** Within a study: 'number' (default), in the order of settling; 'time', timed trials only, fastest first. */
  order?: 'number' | 'time';
  limit: number;
  offset?: number;
}>;

export type ListedTrial = Readonly<{ studyId: string; trial: Trial }>;

/** Studies, and read access to their visits and trials. */
export interface StudyStore extends TrialLog {
  /** The stored study of this identity, created if new. Its kernel and target must be saved. */
  openStudy(study: NewStudy): Promise<StudyRecord>;
  /** A study by its id, or by a beginning of it that is unique. */
  study(id: string): Promise<StudyRecord | undefined>;
  setStudyState(id: string, state: StudyState): Promise<void>;
  /** Newest first. */
  studies(filter?: StudyFilter): Promise<readonly StudySummary[]>;

  /** Oldest first. */
  visits(studyId: string): Promise<readonly VisitRecord[]>;
  unsettled(studyId: string): Promise<readonly UnsettledTrial[]>;
  listTrials(filter: TrialFilter): Promise<readonly ListedTrial[]>;
  counts(studyId: string): Promise<TrialCounts>;
  /** The fastest timed trials of a study, fastest first. */
  fastest(studyId: string, limit: number): Promise<readonly SettledTrial[]>;
}
