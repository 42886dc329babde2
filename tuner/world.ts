import type { Environment } from '../store/records.ts';
import type { VisitStore } from '../store/visit-store.ts';
import type { Backend } from './backend.ts';
import type { Clock } from './clock.ts';
import type { Listener } from './events.ts';

/** What a visit is given besides its study and its budget: all that it reads from, writes to or asks. */
export type World = Readonly<{
  store: VisitStore;
  backend: Backend;
  clock: Clock;
  /** When the visit's time began, on the clock's `elapsed`; if absent, when its trials have been read. */
  beganMs?: number;
  /** Once aborted, the visit settles what is being timed, compares, and stops. */
  signal: AbortSignal;
  listen: Listener;
  toolVersion: string;
  environment: Environment;
}>;
