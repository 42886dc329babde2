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

/** `repeated` results were refused, because their configuration has a result in this study already. */
export type Settled = Readonly<{ settled: readonly SettledTrial[]; repeated: readonly Result[] }>;

/** What a visit to a study reads and writes, from its start to its findings. */
export interface VisitStore extends TrialLog {
  /** The study's open visit, if any. */
  interruptedVisit(studyId: string): Promise<VisitRecord | undefined>;
  /** Starts a visit; an open one of the study is ended first, as 'interrupted'. */
  startVisit(visit: NewVisit): Promise<VisitRecord>;
  endVisit(visitId: number, end: Readonly<{ stoppedBy: string; activeMs: number }>): Promise<void>;

  /** Records trials as running, except for configurations that are running or have a result already. */
  markRunning(studyId: string, proposals: readonly Proposal[]): Promise<void>;
  /** Marks running trials (all, of one study, or begun before a time) as abandoned; returns how many. */
  abandonRunning(which?: Readonly<{ studyId?: string; startedBefore?: number }>): Promise<number>;
  /** Stores a batch in one transaction, and numbers its trials. */
  settle(batch: Batch): Promise<Settled>;

  /** Stores a comparison; returns its id. */
  saveComparison(studyId: string, comparison: Comparison): Promise<number>;
  /** Replaces the study's earlier findings. */
  saveFindings(findings: Omit<StoredFindings, 'foundAt'>): Promise<void>;
}
