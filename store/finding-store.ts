import type { Comparison } from './comparison.ts';
import type { StoredBest, StoredFindings } from './records.ts';

/** A target's name stands for the fingerprint of that name that was saved last. */
export type BestQuery = Readonly<{
  kernel: Readonly<{ hash: string }> | Readonly<{ name: string; shape: string; dtype: string }>;
  target: Readonly<{ fingerprint: string }> | Readonly<{ name: string }>;
}>;

/** Bests to choose from: other shapes of a kernel, a whole export. */
export type BestFilter = Readonly<{
  kernelName?: string;
  dtype?: string;
  targetFingerprint?: string;
}>;

/** What visits found: comparisons, findings, and the best of every kernel. */
export interface FindingStore {
  comparison(id: number): Promise<Comparison | undefined>;
  findings(studyId: string): Promise<StoredFindings | undefined>;

  /** The fastest that any study of this kernel on this target recommends (or, before its comparison, has seen). */
  best(query: BestQuery): Promise<StoredBest | undefined>;
  /** The best of every kernel on every target, by kernel name, shape, dtype, target. */
  bests(filter?: BestFilter): Promise<readonly StoredBest[]>;
}
