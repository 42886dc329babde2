import type { Configuration } from '../search-space/parameter.ts';
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

export type TrialCounts = Omit<SettledCounts, 'bySubset'> &
  Readonly<{ settled: number; running: number; abandoned: number }>;

/** A fall of a study's fastest time to `timeUs` at its `trials`-th settled trial. */
export type Improvement = Readonly<{ trials: number; timeUs: number }>;

export type StudySummary = Readonly<{
  study: StudyRecord;
  kernel: KernelTitle;
  target: TargetTitle;
  settled: number;
  timed: number;
  disturbed: number;
  /** What is recommended, or before a comparison the fastest trial. */
  best: StoredBest | undefined;
  /** The fastest trial's time, as the search sampled it, µs; null before one has a time. */
  fastestUs: number | null;
  lastVisit: VisitRecord | undefined;
}>;

/** Names may also be titles. */
export type StudyFilter = Readonly<{
  kernelName?: string;
  kernelHash?: string;
  shape?: string;
  dtype?: string;
  targetName?: string;
  targetFingerprint?: string;
  state?: StudyState;
  /** The most studies to list, the newest ones; all by default. */
  limit?: number;
}>;

export type TrialFilter = Readonly<{
  studyId: string;
  /** Default: all settled trials. */
  state?: Trial['state'];
  limit: number;
  /** Only trials with a higher number; unsettled trials have none. */
  after?: number;
}>;

/** The place of a timed trial in its study's list, fastest first. */
export type TimePlace = Readonly<{ timeUs: number; number: number }>;

/** Studies, and read access to their visits and trials. */
export interface StudyStore extends TrialLog {
  /** The stored study of this identity, created if new. Its kernel and target must be saved. */
  openStudy(study: NewStudy): Promise<StudyRecord>;
  /** A study by its id, or by a beginning of it that is unique. */
  study(id: string): Promise<StudyRecord | undefined>;
  setStudyState(id: string, state: StudyState): Promise<void>;
  /** The summary of a study, by its whole id. */
  summary(id: string): Promise<StudySummary | undefined>;
  countStudies(): Promise<Readonly<Record<StudyState, number>>>;
  /** Newest first. */
  studies(filter?: StudyFilter): Promise<readonly StudySummary[]>;
  /** Studies with at least `least` timed trials, which must be 1 or more. Costs nothing for studies without any. */
  timedStudies(least: number): Promise<readonly StudyRecord[]>;

  /** Oldest first. */
  visits(studyId: string): Promise<readonly VisitRecord[]>;
  unsettled(studyId: string): Promise<readonly UnsettledTrial[]>;
  /** Trials sorted by number; those without one in the order of their start. */
  listTrials(filter: TrialFilter): Promise<readonly Trial[]>;
  counts(studyId: string): Promise<TrialCounts>;
  /** The names of the metrics that trials of a study have, sorted. */
  metricNames(studyId: string): Promise<readonly string[]>;
  /** The improvements of the fastest time: all, or if there are more than `most`, the last and some spread over the trials. */
  improvements(studyId: string, most: number): Promise<readonly Improvement[]>;
  /** Timed trials of a study, fastest first, from the beginning or after a place. */
  fastest(studyId: string, limit: number, after?: TimePlace): Promise<readonly TimedTrial[]>;
  /** The timed trial of a configuration of a study; undefined if it has none. */
  timed(studyId: string, configuration: Configuration): Promise<TimedTrial | undefined>;
}
