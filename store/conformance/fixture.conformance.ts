import type { Store } from '../store.ts';

/** The store of the test that is being run, and its clock: 1,000 when a test begins. */
export type StoreFixture = Readonly<{ store: Store; setTime(ms: number): void }>;
