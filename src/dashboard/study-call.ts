import type { CatalogStore } from '../../store/catalog-store.ts';
import type { StudySummary } from '../../store/study-store.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import type { StoredCall } from '../answers/stored-call.ts';
import { studySpecSchema } from '../ask/study-spec.ts';

/** What a study on a modelled machine calls, but for the configuration; undefined for a study of other times. */
export async function callOf(
  { study, kernel, target }: Pick<StudySummary, 'study' | 'kernel' | 'target'>,
  store: Pick<CatalogStore, 'kernel'>,
): Promise<Omit<StoredCall, 'configuration'> | undefined> {
  if (study.spec === null || !targetKinds[target.kind].isModelled) return undefined;
  const record = await store.kernel(kernel.hash);
  if (record === undefined) return undefined;
  return {
    kernel: record,
    target: studySpecSchema.parse(study.spec).target,
    fingerprint: target.fingerprint,
  };
}
