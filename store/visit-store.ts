import type { Comparison } from './comparison.ts';
import type { NewVisit, StoredFindings, VisitRecord } from './records.ts';
import type { Proposal, Result, SettledTrial } from './trial.ts';
import type { TrialLog } from './trial-log.ts';

/** Results that are stored in one transaction. `activeMs` is the visit's working time so far. */
export type Batch = Readonly<{
  studyId: string;
  visitId: number;
  activeMs: number;
  results: readonly Result[];
}>;

/** `repeated` results were refused: their configuration already has a result in this study. */
export type Settled = Readonly<{ settled: readonly SettledTrial[]; repeated: readonly Result[] }>;

/** Why a visit ended, and its working time. */
export type VisitEnd = Readonly<{ stoppedBy: string; activeMs: number }>;

/** The findings of a visit with their comparison, to be stored together. */
export type Conclusion = Omit<StoredFindings, 'comparisonId' | 'foundAt'> &
  Readonly<{
    /** Null if nothing could be compared. */
    comparison: Comparison | null;
    /** The end of the study's open visit; null if the visit stays interrupted. */
    end: VisitEnd | null;
  }>;

/** The reads and writes of a visit to a study, from its start to its findings. */
export interface VisitStore extends TrialLog {
  /** The study's open visit, if any. */
  interruptedVisit(studyId: string): Promise<VisitRecord | undefined>;
  /** Starts a visit; an open one of the study is ended first, as 'interrupted'. */
  startVisit(visit: NewVisit): Promise<VisitRecord>;
  endVisit(visitId: number, end: VisitEnd): Promise<void>;

  /** Records trials as running, except for configurations that are running or have a result already. */
  markRunning(studyId: string, proposals: readonly Proposal[]): Promise<void>;
  /** Marks running trials (all, of one study, or begun before a time) as abandoned; returns how many. */
  abandonRunning(which?: Readonly<{ studyId?: string; startedBefore?: number }>): Promise<number>;
  /** Stores a batch in one transaction, and numbers its trials. */
  settle(batch: Batch): Promise<Settled>;

  /** Stores a comparison and findings, which replace the study's earlier ones, and ends the visit, all in one transaction. */
  conclude(conclusion: Conclusion): Promise<void>;
}
