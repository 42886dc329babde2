import type { TrialStore } from '../trial-store.ts';

/** The store of the test that is being run, and its clock: 1,000 when a test begins. */
export type StoreFixture = Readonly<{ store: TrialStore; setTime(ms: number): void }>;
