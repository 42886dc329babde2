import type {
  KernelTitle,
  NewStudy,
  StoredBest,
  StudyRecord,
  StudyState,
  TargetTitle,
  VisitRecord,
} from './records.ts';
import type { InvalidReason, TimedTrial, Trial, UnsettledTrial } from './trial.ts';
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
  kernel: KernelTitle;
  target: TargetTitle;
  settled: number;
  timed: number;
  best: StoredBest | undefined;
  lastVisit: VisitRecord | undefined;
}>;

/** Names may be those of titles. */
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
  studyId: string;
  /** Without a state: all that are settled. */
  state?: Trial['state'];
  limit: number;
  /** Only those with a higher number; trials that are not settled have none. */
  after?: number;
}>;

/** Where a timed trial stands among those of its study, fastest first. */
export type TimePlace = Readonly<{ timeUs: number; number: number }>;

/** Studies, and read access to their visits and trials. */
export interface StudyStore extends TrialLog {
  /** The stored study of this identity, created if new. Its kernel and target must be saved. */
  openStudy(study: NewStudy): Promise<StudyRecord>;
  /** A study by its id, or by a beginning of it that is unique. */
  study(id: string): Promise<StudyRecord | undefined>;
  setStudyState(id: string, state: StudyState): Promise<void>;
  /** By its whole id. */
  summary(id: string): Promise<StudySummary | undefined>;
  /** Newest first. */
  studies(filter?: StudyFilter): Promise<readonly StudySummary[]>;

  /** Oldest first. */
  visits(studyId: string): Promise<readonly VisitRecord[]>;
  unsettled(studyId: string): Promise<readonly UnsettledTrial[]>;
  /** By number; those without one as they were begun. */
  listTrials(filter: TrialFilter): Promise<readonly Trial[]>;
  counts(studyId: string): Promise<TrialCounts>;
  /** Timed trials of a study from the fastest on, or behind a place. */
  fastest(studyId: string, limit: number, after?: TimePlace): Promise<readonly TimedTrial[]>;
}
