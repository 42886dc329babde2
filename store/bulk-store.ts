import type { WrittenResult } from './written-result.ts';

/** The visit that results are stored for. */
export type VisitPlace = Readonly<{ studyId: string; visitId: number }>;

/** Storing large numbers of results that were measured elsewhere. */
export interface BulkStore {
  /**
   * Stores results as `settle` does, but many batches in a transaction: each transaction rewrites nearly all
   * pages of a large study's indexes. Rejects with the error of `batches` if they fail; earlier transactions
   * stay. Nothing else may use the store meanwhile. Returns the number of settled trials.
   */
  settleAll(visit: VisitPlace, batches: AsyncIterable<readonly WrittenResult[]>): Promise<number>;
}
