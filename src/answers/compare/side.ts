import { restrictionText } from '../../../search-space/restriction-text.ts';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { Comparison } from '../../../store/comparison.ts';
import type { FindingStore } from '../../../store/finding-store.ts';
import type { StoredBest, StudyRecord } from '../../../store/records.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import { attendedUs } from '../../../tuner/measurement/attended.ts';
import { isTimedElsewhere } from '../best/evidence.ts';
import { keyOf } from '../best/robust.ts';

/** One side's best for a kernel at a shape on a target. */
export type Entry = Readonly<{
  best: StoredBest;
  /** From which its study can be resolved again; null where it was timed by others. */
  spec: StudyRecord['spec'];
  /** What --fix, --values and --forbid left of its study's space; empty for all of it. */
  restrictedTo: string;
  /** Whether another tool or a harness timed it. */
  isElsewhere: boolean;
  /** Its times by round in the final comparison that recommends it; null without one. */
  rounds: Readonly<{ kind: Comparison['kind']; timesUs: readonly (number | null)[] }> | null;
}>;

/** The best of every kernel, shape and target in a store; of targets with the same name and kind only the latest. */
export async function sideOfStore(
  store: CatalogStore & FindingStore & StudyStore,
): Promise<readonly Entry[]> {
  const latest = new Map<string, string>();
  for (const { name, kind, fingerprint } of await store.targets()) {
    const key = JSON.stringify([name, kind]);
    latest.set(key, latest.get(key) ?? fingerprint);
  }
  const current = new Set(latest.values());
  const bests = await store.bests();
  return Promise.all(
    bests.filter(({ target }) => current.has(target.fingerprint)).map((best) => entryOf(best, store)),
  );
}

/** The best of one study; empty if nothing was timed. */
export async function sideOfStudy(
  studyId: string,
  store: StudyStore & FindingStore,
): Promise<readonly Entry[]> {
  const summary = await store.summary(studyId);
  return summary?.best === undefined ? [] : [await entryOf(summary.best, store)];
}

async function entryOf(best: StoredBest, store: StudyStore & FindingStore): Promise<Entry> {
  const study = await store.study(best.studyId);
  const restrictedTo = study === undefined ? '' : restrictionText(study.space);
  const isElsewhere = study !== undefined && isTimedElsewhere(study);
  return { best, spec: study?.spec ?? null, restrictedTo, isElsewhere, rounds: await roundsOf(best, store) };
}

async function roundsOf(best: StoredBest, store: FindingStore): Promise<Entry['rounds']> {
  const id = best.basis === 'trial' ? null : ((await store.findings(best.studyId))?.comparisonId ?? null);
  const comparison = id === null ? undefined : await store.comparison(id);
  if (comparison === undefined) return null;
  const place = comparison.variants.findIndex(
    ({ configuration }) => keyOf(configuration) === keyOf(best.configuration),
  );
  if (place < 0) return null;
  const timesUs =
    comparison.kind === 'sampled'
      ? attendedUs(comparison, place)
      : comparison.roundsUs.map((round) => round[place]);
  return { kind: comparison.kind, timesUs };
}
