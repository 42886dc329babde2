import type { CatalogStore } from './catalog-store.ts';
import type { FindingStore } from './finding-store.ts';
import type { ModelStore } from './model-store.ts';
import type { PlanStore } from './plan-store.ts';
import type { StudyStore } from './study-store.ts';
import type { VisitStore } from './visit-store.ts';

/** How many of each were taken over from another store. */
export type Merged = Readonly<{
  kernels: number;
  targets: number;
  studies: number;
  trials: number;
  models: number;
}>;

/** How many of each were deleted. */
export type Collected = Readonly<{ targets: number; studies: number; trials: number; kernels: number }>;

/**
 * What happened, durably. One writer; a promise that resolves is on the disk, and one that rejects
 * (with StoreError) changed nothing. What is read was checked against its schema.
 *
 * Kernels, targets and studies are immutable once saved, and saving one again changes nothing
 * (only a study's state changes, a target saved again becomes its name's latest, and a kernel saved
 * under a second name answers to both).
 *
 * A study is named by its whole id (only `study` takes the beginning of one); an id of no study is a
 * RangeError.
 *
 * Who uses a part of it asks for that part. The upkeep of the whole stands here.
 * Every implementation runs `store.conformance.ts`.
 */
export interface Store extends CatalogStore, StudyStore, VisitStore, FindingStore, PlanStore, ModelStore {
  /** What a person shall be told: the file's path, or ":memory:". */
  readonly location: string;

  /**
   * Takes over what the store in another file has and this one lacks. A configuration that has a
   * result here keeps it; later findings of a study replace earlier ones. Repeated, it takes nothing.
   */
  merge(path: string): Promise<Merged>;
  /** Deletes targets with all that was measured on them, and kernels that nothing needs any more. */
  collect(fingerprints: readonly string[]): Promise<Collected>;

  /** What an exhaustive look at the file finds wrong; nothing when it is sound. Takes seconds on a large one. */
  problems(): Promise<readonly string[]>;

  /** Flushes and releases the file and its lock. */
  close(): Promise<void>;
}
