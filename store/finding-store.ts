import type { Comparison } from './comparison.ts';
import type { StoredBest, StoredFindings } from './records.ts';

/** A target by its fingerprint, or by its name for the latest of that name. */
export type BestQuery = Readonly<{
  kernel: Readonly<{ hash: string }> | Readonly<{ name: string; shape: string; dtype: string }>;
  target: Readonly<{ fingerprint: string }> | Readonly<{ name: string }>;
}>;

/** Which bests to read. */
export type BestFilter = Readonly<{
  kernelName?: string;
  dtype?: string;
  targetFingerprint?: string;
}>;

/** The results of visits: comparisons, findings, and the best of every kernel. */
export interface FindingStore {
  comparison(id: number): Promise<Comparison | undefined>;
  findings(studyId: string): Promise<StoredFindings | undefined>;

  /** The fastest recommendation (before a comparison, the fastest trial) of all studies of a kernel on a target. */
  best(query: BestQuery): Promise<StoredBest | undefined>;
  /** The best of every kernel on every target, by kernel name, shape, dtype, target. */
  bests(filter?: BestFilter): Promise<readonly StoredBest[]>;
}
