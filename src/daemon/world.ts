import type { PlanRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { StoreError } from '../../store/store-error.ts';
import type { Clock } from '../../tuner/clock.ts';
import type { Listener } from '../../tuner/events.ts';
import type { SliceMaker } from './study-thread.ts';

/** A line of the log: what happened, and to what. */
export type Log = Readonly<{
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}>;

/** Everything the daemon touches outside itself. */
export type DaemonWorld = Readonly<{
  store: Store;
  clock: Clock;
  log: Log;
  toolVersion: string;
  /** What makes slices; each tells its events to the listener. */
  threads(listen: Listener): readonly SliceMaker[];
  /** A plan has ended. */
  finished(plan: PlanRecord): void;
  /** After a full disk, work is tried again so much later. Milliseconds. */
  roomMs?: number;
  /** The store is lost: nothing can be kept any more. */
  lost(error: StoreError): void;
}>;
