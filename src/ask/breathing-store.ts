import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VisitStore } from '../../store/visit-store.ts';

/**
 * The same store, but every settled batch gives signals, sockets and screens a turn. SQLite and a
 * simulator answer at once, so a visit to a study would otherwise never let go of the event loop.
 */
export function breathing(store: VisitStore): VisitStore {
  return Object.freeze<VisitStore>({
    ...store,
    settle: async (batch) => {
      const settled = await store.settle(batch);
      await nextTurn();
      return settled;
    },
  });
}
