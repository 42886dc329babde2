import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VisitStore } from '../../store/visit-store.ts';

/**
 * The same store, but after every settled batch the event loop handles signals and sockets. SQLite and a
 * simulator answer synchronously, so a visit would otherwise block it.
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
