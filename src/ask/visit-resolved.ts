import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { Budget } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { visitStudy } from '../../tuner/study.ts';
import type { World } from '../../tuner/world.ts';
import type { CountedStudy } from './count-subspaces.ts';
import { environmentNow } from './environment.ts';
import { openStudy } from './open-study.ts';
import { toolVersion } from './tool-version.ts';
import { yieldingStore } from './yielding-store.ts';

/** Opens a study in a store and visits it in this thread until its budget is spent. Throws as `visitStudy` does. */
export async function visitResolved(
  counted: CountedStudy,
  budget: Budget,
  store: CatalogStore & StudyStore & VisitStore & ModelStore,
  surroundings: Pick<World, 'clock' | 'signal' | 'listen' | 'beganMs'>,
): Promise<Findings> {
  // Opening a study and its machine is part of the time that a user gives it.
  const { beganMs = surroundings.clock.elapsed() } = surroundings;
  // First the machine: where it cannot be opened, no empty study is left.
  const backend = await counted.backend();
  const world = { ...surroundings, beganMs, toolVersion: toolVersion(), environment: environmentNow() };
  try {
    const study = await openStudy(counted, store, toolVersion());
    return await visitStudy(study, budget, { ...world, store: yieldingStore(store), backend });
  } finally {
    await backend.close();
  }
}
