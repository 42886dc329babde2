import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import type { StudySummary } from '../../store/study-store.ts';

/**
 * A store's contents as text, without the parts that differ from run to run: times of day, row ids,
 * environments of visits. Throws if the store is damaged.
 */
export async function storeContents(path: string): Promise<string> {
  const store = await openStore(path, { mode: 'read', clock: Date }).catch((error: unknown) => {
    if (error instanceof StoreError && error.kind === 'missing') return undefined;
    throw error;
  });
  if (store === undefined) return 'no store';
  try {
    const problems = await store.problems();
    if (problems.length > 0) throw new Error(`${path} is damaged: ${problems.join('; ')}`);
    return JSON.stringify(await contentsOf(store), null, 1);
  } finally {
    await store.close();
  }
}

async function contentsOf(store: Store): Promise<unknown> {
  const summaries = [...(await store.studies())].sort((a, b) => (a.study.id < b.study.id ? -1 : 1));
  const studies: unknown[] = [];
  for (const summary of summaries) studies.push(await studyContents(summary, store));
  return {
    kernels: await store.kernels(),
    imports: (await store.importedKernels()).map(({ importedAt: _, ...rest }) => rest),
    targets: await store.targets(),
    studies,
    model: (await store.latestModel('across'))?.version ?? null,
    plans: (await store.plans()).map(({ document, endedAt, studies: planned }) => ({
      document,
      isEnded: endedAt !== null,
      studies: planned.map(({ studyId, state, stoppedBy }) => [studyId, state, stoppedBy]),
    })),
  };
}

async function studyContents({ study, settled, timed }: StudySummary, store: Store): Promise<unknown> {
  const { createdAt: _, ...record } = study;
  const trials: unknown[] = [];
  for await (const { settledAt: __, ...trial } of store.trials(study.id)) trials.push(trial);
  const findings = await store.findings(study.id);
  const prior = study.priorVersion === null ? undefined : await store.model(study.priorVersion);
  return {
    record,
    settled,
    timed,
    visits: (await store.visits(study.id)).map((visit) => ({
      budget: visit.budget,
      trialsAtStart: visit.trialsAtStart,
      stoppedBy: visit.state === 'ended' ? visit.stoppedBy : null,
    })),
    trials,
    unsettled: (await store.unsettled(study.id)).length,
    comparisons: (await store.comparisons(study.id)).map(({ comparedAt: __, ...rest }) => rest),
    findings: findings && { recommended: findings.recommended, document: findings.document },
    prior: prior === undefined ? null : Buffer.from(prior.blob).toString('base64'),
  };
}

/** The files of a folder with their contents, as text. */
export function folderContents(folder: string): string {
  if (!existsSync(folder)) return 'no folder';
  const names = readdirSync(folder).sort();
  return JSON.stringify(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
