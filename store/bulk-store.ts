import type { Batch } from './visit-store.ts';

/** Results that were measured elsewhere, in large numbers. */
export interface BulkStore {
  /** `settle` without the trials that it makes; how many there are. */
  settleMany(batch: Batch): Promise<number>;
}
