import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { type FrozenPrior, frozenPrior, priorFrom, priorVersionOf } from '../../tuner/priors/prior.ts';
import type { Study } from '../../tuner/study-definition.ts';
import type { CountedStudy } from './count-subspaces.ts';
import { identityOf, type ResolvedStudy } from './resolve-study.ts';

/**
 * Stores a study that is going to be visited. If it is new, freezes its prior, made from the similar studies that the
 * store has at that moment.
 */
export async function openStudy(
  counted: CountedStudy,
  store: CatalogStore & StudyStore & ModelStore,
  toolVersion: string,
): Promise<Study> {
  const { id } = await keepStudy(counted, store, toolVersion);
  return studyWith(counted, await frozenPrior(store, id));
}

/** Stores a resolved study without making its prior, for a caller that does not visit it. */
export async function keepStudy(
  { id, spec, kernel, target, study }: ResolvedStudy,
  store: Pick<CatalogStore & StudyStore, 'saveKernel' | 'saveTarget' | 'openStudy'>,
  toolVersion: string,
): Promise<Readonly<{ id: string }>> {
  await store.saveKernel(kernel);
  await store.saveTarget(target);
  return store.openStudy({
    ...identityOf({ kernel, target, study }),
    spec: JSON.parse(JSON.stringify(spec)),
    space: { parameters: study.space.parameters, constraints: study.space.constraints },
    defaultConfiguration: study.default,
    priorVersion: priorVersionOf(id),
    toolVersion,
  });
}

/** A study with its subspaces and its frozen prior. */
export function studyWith({ id, study, subspaces }: CountedStudy, frozen: FrozenPrior | undefined): Study {
  const prior = frozen && priorFrom(study.space.parameters, frozen);
  return { ...study, id, subspaces, ...(prior && { prior }) };
}
