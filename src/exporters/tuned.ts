import type { CatalogStore } from '../../store/catalog-store.ts';
import type { FindingStore } from '../../store/finding-store.ts';
import type { KernelRecord, StoredBest, TargetRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import { candidatesOf, simulatedShape, storedShape } from '../answers/best/known-shape.ts';
import { type KnownShape, keyOf, leastRegret } from '../answers/best/robust.ts';
import { comparedTrials } from '../answers/compared-trials.ts';
import { parseKernel } from '../kernels/json.ts';
import { compareShapes } from '../kernels/shape.ts';
import type { Target } from '../targets/_base.ts';
import { byCodeUnits } from '../text/by-code-units.ts';
import type { Fallback, TunedKernel, TunedShape, TunedTarget } from './_base.ts';

/** Which of a store's results to export; an absent field selects all. */
export type ExportFilter = Readonly<{ kernel?: string; target?: string }>;

/** Finds a stored target as it is today; undefined if its fingerprint has changed or it is gone. */
export type FindTarget = (record: TargetRecord) => Promise<Target | undefined>;

/**
 * A store's best configurations by target, kernel, dtype and shape. Of several targets with the same name
 * only the latest counts: results from before a target changed no longer apply.
 */
export async function tunedTargets(
  store: CatalogStore & StudyStore & FindingStore,
  filter: ExportFilter,
  findTarget: FindTarget,
): Promise<readonly TunedTarget[]> {
  const records = await store.targets(filter.target === undefined ? {} : { name: filter.target });
  const latest = records.filter(({ name }, place) => records[place - 1]?.name !== name);
  const tuned: TunedTarget[] = [];
  for (const target of latest) {
    const bests = await store.bests({
      targetFingerprint: target.fingerprint,
      ...(filter.kernel !== undefined && { kernelName: filter.kernel }),
    });
    if (bests.length === 0) continue;
    const today = await findTarget(target);
    const kernels: TunedKernel[] = [];
    for (const group of byKernel(bests)) kernels.push(await tunedKernel(group, store, today));
    tuned.push({ target, kernels });
  }
  return tuned;
}

/** Kernels by name and dtype in the order of their names, the shapes of each from the smallest. */
function byKernel(bests: readonly StoredBest[]): readonly (readonly StoredBest[])[] {
  const groups = new Map<string, StoredBest[]>();
  for (const best of bests) {
    const key = JSON.stringify([best.kernel.name, best.kernel.dtype]);
    groups.set(key, [...(groups.get(key) ?? []), best]);
  }
  return [...groups.values()]
    .sort(([{ kernel: a }], [{ kernel: b }]) => byCodeUnits(a.name, b.name) || byCodeUnits(a.dtype, b.dtype))
    .map((group) => group.sort((a, b) => compareShapes(a.kernel.shape, b.kernel.shape)));
}

async function tunedKernel(
  bests: readonly StoredBest[],
  store: CatalogStore & StudyStore & FindingStore,
  today: Target | undefined,
): Promise<TunedKernel> {
  const shapes: TunedShape[] = [];
  for (const best of bests) {
    const kernel = await store.kernel(best.kernel.hash);
    const study = await store.study(best.studyId);
    if (kernel === undefined || study === undefined) continue;
    shapes.push({
      kernel,
      best,
      study,
      trials: () => store.trials(study.id),
      compared: () => comparedTrials(study.id, store),
    });
  }
  const { name, dtype } = bests[0].kernel;
  return { name, dtype, shapes, fallback: await fallbackOf(shapes, store, today) };
}

async function fallbackOf(
  shapes: readonly TunedShape[],
  store: StudyStore,
  today: Target | undefined,
): Promise<Fallback> {
  const [{ best, kernel, study }] = shapes;
  if (shapes.length === 1) {
    const { configuration, timeUs } = best;
    const regrets = [{ shape: kernel.shape, timeUs, regret: 1 }];
    return { kind: 'robust', choice: { configuration, worst: 1, regrets, considered: 1 } };
  }
  const choice = leastRegret(await known(shapes, store, today));
  return choice === null
    ? { kind: 'default', configuration: study.defaultConfiguration }
    : { kind: 'robust', choice };
}

async function known(
  shapes: readonly TunedShape[],
  store: StudyStore,
  today: Target | undefined,
): Promise<readonly KnownShape[]> {
  const { fingerprint } = shapes[0].best.target;
  const found: (KnownShape | undefined)[] = [];
  if (today !== undefined && targetKinds[today.kind].isSimulated) {
    const lists = await Promise.all(
      shapes.map(({ kernel }) => candidatesOf(kernel.hash, fingerprint, store)),
    );
    const candidates = [...new Map(lists.flat().map((each) => [keyOf(each), each])).values()];
    for (const { kernel } of shapes) found.push(await simulated(kernel, today, candidates));
  } else {
    for (const { kernel } of shapes) found.push(await storedShape(kernel, fingerprint, store));
  }
  return found.filter((shape) => shape !== undefined);
}

async function simulated(
  { ir }: KernelRecord,
  target: Target,
  candidates: Parameters<typeof simulatedShape>[2],
): Promise<KnownShape | undefined> {
  return ir === null ? undefined : simulatedShape(parseKernel(ir), target, candidates);
}
