import type { Comparison } from './comparison.ts';
import type { NewVisit, StoredFindings, VisitRecord } from './records.ts';
import type { Proposal, Result, SettledTrial } from './trial.ts';
import type { TrialLog } from './trial-log.ts';

/** What is made durable at once. `activeMs` is the visit's working time so far. */
export type Batch = Readonly<{
  studyId: string;
  visitId: number;
  activeMs: number;
  results: readonly Result[];
}>;

/** `repeated` were refused: their configuration has a result in this study already, which stays. */
export type Settled = Readonly<{ settled: readonly SettledTrial[]; repeated: readonly Result[] }>;

/** What a visit to a study reads and writes, from its start to its findings. */
export interface VisitStore extends TrialLog {
  /** The visit that was begun and not ended, with its own budget. */
  interruptedVisit(studyId: string): Promise<VisitRecord | undefined>;
  /** An open visit of the study is ended first, as 'interrupted'. */
  startVisit(visit: NewVisit): Promise<VisitRecord>;
  endVisit(visitId: number, end: Readonly<{ stoppedBy: string; activeMs: number }>): Promise<void>;

  /** Somebody is measuring these now. A configuration that is running or has its result is left as it is. */
  markRunning(studyId: string, proposals: readonly Proposal[]): Promise<void>;
  /** Gives up running trials (all, of one study, or begun before a time); says how many. */
  abandonRunning(which?: Readonly<{ studyId?: string; startedBefore?: number }>): Promise<number>;
  /** Makes a batch durable in one transaction and numbers its trials on. */
  settle(batch: Batch): Promise<Settled>;

  /** Stores a comparison whole; its id. */
  saveComparison(studyId: string, comparison: Comparison): Promise<number>;
  /** Replaces the study's earlier findings. */
  saveFindings(findings: Omit<StoredFindings, 'foundAt'>): Promise<void>;
}
