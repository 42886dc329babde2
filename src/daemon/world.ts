import type { PlanRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import type { StoreError } from '../../store/store-error.ts';
import type { Clock } from '../../tuner/clock.ts';
import type { Listener } from '../../tuner/events.ts';
import type { FleetWorker, StudyWorker } from './study-thread.ts';

/** Writes lines of the log: a message and the facts about it. */
export type Log = Readonly<{
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}>;

/** The daemon's dependencies. */
export type DaemonWorld = Readonly<{
  store: Store;
  clock: Clock;
  log: Log;
  toolVersion: string;
  /** Makes the threads that open and visit studies; each sends its events to the listener. */
  threads(listen: Listener): readonly StudyWorker[];
  /** The same for studies of the fleet; absent without one. */
  awayThreads?(listen: Listener): readonly FleetWorker[];
  /** Called when a plan has ended. */
  finished(plan: PlanRecord): void;
  /** Milliseconds until work is repeated after a full disk. */
  roomMs?: number;
  /** Called when the store cannot be used any more. */
  lost(error: StoreError): void;
}>;
