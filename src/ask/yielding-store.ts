import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VisitStore } from '../../store/visit-store.ts';

/**
 * Wraps a store so that the event loop handles signals and sockets after every settled batch. SQLite and a
 * simulator answer synchronously, so a visit would otherwise block it.
 */
export function yieldingStore(store: VisitStore): VisitStore {
  return Object.freeze<VisitStore>({
    ...store,
    settle: async (batch) => {
      const settled = await store.settle(batch);
      await nextTurn();
      return settled;
    },
  });
}
