import type { Comparison } from './comparison.ts';
import type { StoredBest, StoredFindings } from './records.ts';
import type { Verification } from './verification.ts';

export type BestQuery = Readonly<{
  kernel: Readonly<{ hash: string }>;
  target: Readonly<{ fingerprint: string }>;
  /** Only of studies that seek this. */
  objective?: string;
}>;

/** Selects bests, such as those of a kernel's other shapes. `kernelName` may be a title. */
export type BestFilter = Readonly<{
  kernelName?: string;
  dtype?: string;
  targetFingerprint?: string;
  objective?: string;
}>;

/** The results of visits: comparisons, findings, what was verified of them, and the best of every kernel. */
export interface FindingStore {
  comparison(id: number): Promise<Comparison | undefined>;
  /** All comparisons of a study, oldest first. */
  comparisons(studyId: string): Promise<readonly Comparison[]>;
  findings(studyId: string): Promise<StoredFindings | undefined>;
  /** What was found of a study's winners when they were timed anew, in the order of their places. */
  verifications(studyId: string): Promise<readonly Verification[]>;

  /**
   * The fastest recommendation (before a comparison, the fastest trial) of all studies of a kernel on a target. A visit
   * that recommended nothing leaves none, until a later trial is the fastest of its study.
   */
  best(query: BestQuery): Promise<StoredBest | undefined>;
  /** The best of every kernel on every target, sorted by kernel name, shape, dtype and target. */
  bests(filter?: BestFilter): Promise<readonly StoredBest[]>;
}
