import type { Store } from '../store.ts';

/** The store of the current test, and its clock, which starts at 1,000. */
export type StoreFixture = Readonly<{ store: Store; setTime(ms: number): void }>;
