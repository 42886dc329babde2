import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { declareBest } from './conformance/best.conformance.ts';
import { declarePlans } from './conformance/plans.conformance.ts';
import { declareRecords } from './conformance/records.conformance.ts';
import { declareStudies } from './conformance/studies.conformance.ts';
import { declareTitles } from './conformance/titles.conformance.ts';
import { declareTrials } from './conformance/trials.conformance.ts';
import { declareUpkeep } from './conformance/upkeep.conformance.ts';
import type { Store } from './store.ts';
import type { WallClock } from './wall-clock.ts';

/** The contract of every Store. `make` returns an empty one that uses the clock. */
export function storeConformance(name: string, make: (clock: WallClock) => Promise<Store>): void {
  describe(`Store: ${name}`, () => {
    let now = 0;
    let store: Store;
    beforeEach(async () => {
      now = 1_000;
      store = await make({ now: () => now });
    });
    afterEach(() => store.close());

    const fixture = {
      get store() {
        return store;
      },
      setTime: (ms: number) => {
        now = ms;
      },
    };
    declareRecords(fixture);
    declareStudies(fixture);
    declareTitles(fixture);
    declareTrials(fixture);
    declareBest(fixture);
    declareUpkeep(fixture);
    declarePlans(fixture);

    it('reports no problems, and may be closed twice', async () => {
      expect(await store.problems()).toEqual([]);
      await store.close();
      await store.close();
    });
  });
}
