import type { BulkStore } from './bulk-store.ts';
import type { CatalogStore } from './catalog-store.ts';
import type { FindingStore } from './finding-store.ts';
import type { ModelStore } from './model-store.ts';
import type { PlanStore } from './plan-store.ts';
import type { StudyStore } from './study-store.ts';
import type { VerificationStore } from './verification-store.ts';
import type { VisitStore } from './visit-store.ts';

/** The numbers of records merged from another store. */
export type Merged = Readonly<{
  kernels: number;
  targets: number;
  studies: number;
  trials: number;
  models: number;
}>;

/** The numbers of deleted records. */
export type Collected = Readonly<{ targets: number; studies: number; trials: number; kernels: number }>;

/**
 * A durable record of all results, with one writer. When a promise resolves, its effect is on the disk;
 * when it rejects (with StoreError), nothing was changed. Data is checked against its schema when read.
 *
 * Kernels, targets and studies are immutable, and saving one again changes nothing, with these
 * exceptions: a study's state changes, a target saved again becomes the latest of its name, and a kernel
 * saved under a second name is found under both.
 *
 * Methods take a study's whole id (only `study` accepts a unique beginning of it). An unknown id throws
 * RangeError.
 *
 * Callers depend on the narrow interface that they need. The methods declared here concern the whole store.
 * Every implementation runs `store.conformance.ts`.
 */
export interface Store
  extends CatalogStore,
    StudyStore,
    VisitStore,
    BulkStore,
    FindingStore,
    PlanStore,
    ModelStore,
    VerificationStore {
  /** The file's path, or ":memory:". */
  readonly location: string;

  /**
   * Merges the records of the store in another file that this one lacks. A configuration that has a result
   * here keeps it; later findings of a study replace earlier ones. Repeating it changes nothing.
   */
  merge(path: string): Promise<Merged>;
  /** Deletes targets with all their results, and kernels that are no longer used. */
  collect(fingerprints: readonly string[]): Promise<Collected>;

  /** Checks the whole file and returns its problems, if any. Takes seconds for a large store. */
  problems(): Promise<readonly string[]>;

  /** Rejects with StoreError 'moved' if the file is no longer at its path, as every write does. */
  confirmPlace(): Promise<void>;
  /** Flushes and releases the file and its lock; rejects with StoreError 'moved' as `confirmPlace` does. */
  close(): Promise<void>;
}
