import type { CatalogStore } from '../../store/catalog-store.ts';
import type { Features, KernelRecord, StudyRecord, TargetRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { readObjective } from '../objectives/objective.ts';

/** A kernel on a target: what a study is about. */
type Subject = Readonly<{ kernel: KernelRecord; target: TargetRecord }>;

/** The most studies that a prior is made from: more add little, and cost memory. */
const MOST = 4;
/** A study with fewer times is left out. */
const FEWEST_TIMES = 10;

/**
 * Studies in a space of the same parameters whose results may predict this one's, nearest first: the same
 * kernel on other targets or at other shapes, and kernels of the same kind. Replicates (same kernel, target
 * and space under another seed or strategy) are left out, so that they stay independent, and so are studies that seek
 * something else.
 */
export async function nearestStudies(
  store: CatalogStore & StudyStore,
  asked: StudyRecord,
): Promise<readonly StudyRecord[]> {
  const [kernel, target] = await Promise.all([
    store.kernel(asked.kernelHash),
    store.target(asked.targetFingerprint),
  ]);
  if (kernel === undefined || target === undefined) return [];
  const names = namesOf(asked.space.parameters);
  const usable = (await store.timedStudies(FEWEST_TIMES)).filter(
    (study) =>
      namesOf(study.space.parameters) === names &&
      soughtBy(study) === soughtBy(asked) &&
      !isReplicate(study, asked),
  );
  const measured = await Promise.all(
    usable.map(async (study) => ({ study, distance: await distanceTo(study, { kernel, target }, store) })),
  );
  const near = measured
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance || (a.study.id < b.study.id ? -1 : 1));
  const [nearest] = near;
  return near
    .filter(({ distance }) => distance <= 2 * nearest.distance + 1)
    .slice(0, MOST)
    .map(({ study }) => study);
}

function namesOf(parameters: readonly Readonly<{ name: string }>[]): string {
  return JSON.stringify(parameters.map(({ name }) => name).sort());
}

/** What a study seeks, whatever its limits: one that seeks something else tried other configurations. */
function soughtBy({ objective }: StudyRecord): string {
  return readObjective(objective).names.join();
}

function isReplicate(study: StudyRecord, asked: StudyRecord): boolean {
  return (
    study.kernelHash === asked.kernelHash &&
    study.targetFingerprint === asked.targetFingerprint &&
    study.spaceHash === asked.spaceHash
  );
}

async function distanceTo(
  { kernelHash, targetFingerprint }: StudyRecord,
  subject: Subject,
  store: CatalogStore,
): Promise<number> {
  const [kernel, target] = await Promise.all([store.kernel(kernelHash), store.target(targetFingerprint)]);
  if (kernel === undefined || target === undefined) return Number.POSITIVE_INFINITY;
  return kernelDistance(kernel, subject.kernel) + targetDistance(target, subject.target);
}

/** Kernels without features are compared by name alone, and are infinitely far apart where names differ. */
function kernelDistance(a: KernelRecord, b: KernelRecord): number {
  if (a.hash === b.hash) return 0;
  const known = Object.keys(a.features).length > 0 && Object.keys(b.features).length > 0;
  if (!known) return a.name === b.name ? 1 : Number.POSITIVE_INFINITY;
  return featureDistance(a.features, b.features) + (a.name === b.name ? 0 : 1);
}

function targetDistance(a: TargetRecord, b: TargetRecord): number {
  return a.fingerprint === b.fingerprint ? 0 : 1 + featureDistance(a.features, b.features);
}

/** Euclidean, as sizes and speeds are logarithms and the rest are shares and small counts. */
function featureDistance(a: Features, b: Features): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Math.hypot(...[...names].map((name) => (a[name] ?? 0) - (b[name] ?? 0)));
}
