import type { Batch } from './visit-store.ts';

/** Storing large numbers of results that were measured elsewhere. */
export interface BulkStore {
  /** Does what `settle` does, but returns only the number of settled trials. */
  settleMany(batch: Batch): Promise<number>;
}
