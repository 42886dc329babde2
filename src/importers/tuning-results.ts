import { createHash } from 'node:crypto';
import { defineSpace } from '../../search-space/define-space.ts';
import type { Configuration } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { TargetRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { Result } from '../../store/trial.ts';
import type { TrialLog } from '../../store/trial-log.ts';
import type { VisitStore } from '../../store/visit-store.ts';
import { canonicalJson } from '../kernels/canonical-json.ts';
import type { OpaqueKernel } from '../kernels/opaque.ts';
import { kernelRecord } from '../kernels/record.ts';
import type { OwnRecord } from './own-record.ts';

/** What a file of somebody's tuning becomes: a study, and what was tried in it. */
export type TuningResults = Readonly<{ record: OwnRecord; results: readonly Result[] }>;

/** How many of each a store did not have yet. */
export type Imported = Readonly<{ studyId: string; isNew: boolean; trials: number; known: number }>;

/** What users may say of a file that does not say it itself. */
export type Described = Readonly<{
  name?: string;
  shape?: readonly number[];
  dtype?: string;
  device?: string;
}>;

/** What such a study says ended its visit. */
export const IMPORTED = 'imported';

/** What a file calls its device; files that do not say, or say nothing, are of "device". */
export function deviceName(said: string | undefined): string {
  const name = said?.trim() ?? '';
  return name === '' ? 'device' : name;
}

/** Somebody's results as a study of an opaque kernel, measured on their device. */
export function opaqueStudy(
  kernel: OpaqueKernel,
  device: string,
  space: SearchSpace,
  preferred: Configuration,
  toolVersion: string,
): OwnRecord {
  const record = kernelRecord(kernel, 'opaque');
  const target = deviceRecord(device);
  return {
    kernel: record,
    target,
    study: {
      kernelHash: record.hash,
      targetFingerprint: target.fingerprint,
      spaceHash: space.hash,
      space: { parameters: space.parameters, constraints: space.constraints },
      objective: 'time',
      strategy: IMPORTED,
      seed: 0,
      spec: null,
      defaultConfiguration: preferred,
      priorVersion: null,
      toolVersion,
    },
    state: 'done',
  };
}

/** A device that is known by its name alone. */
function deviceRecord(name: string): TargetRecord {
  const description = { device: name, source: 'imported' };
  const hash = createHash('sha256').update(canonicalJson(description)).digest('hex').slice(0, 16);
  return { fingerprint: `${IMPORTED}-${hash}`, name, kind: 'device', description, features: {} };
}

/**
 * Stores what the store does not have yet; the same file again changes nothing. A configuration that
 * has a result keeps it. Throws InputError for a study whose space cannot be.
 */
export async function storeResults(
  { record, results }: TuningResults,
  store: CatalogStore & StudyStore & VisitStore,
  toolVersion: string,
): Promise<Imported> {
  const { kernel, target, study, state } = record;
  const { parameters, constraints } = study.space;
  defineSpace(parameters, constraints);
  await store.saveKernel(kernel);
  await store.saveTarget(target);
  const before = await store.studies({ kernelHash: kernel.hash, targetFingerprint: target.fingerprint });
  const { id: studyId } = await store.openStudy(study);
  const isNew = before.every((summary) => summary.study.id !== studyId);
  const fresh = await unknownResults(
    studyId,
    results,
    parameters.map(({ name }) => name),
    store,
  );
  if (fresh.length > 0) {
    const visit = await store.startVisit({
      studyId,
      budget: {},
      toolVersion,
      environment: { imported: true },
    });
    await store.settle({ studyId, visitId: visit.id, activeMs: 0, results: fresh });
    await store.endVisit(visit.id, { stoppedBy: IMPORTED, activeMs: 0 });
  }
  if (isNew) await store.setStudyState(studyId, state);
  return { studyId, isNew, trials: fresh.length, known: results.length - fresh.length };
}

/** Each configuration once, the first result of it, without those that the study has. */
async function unknownResults(
  studyId: string,
  results: readonly Result[],
  names: readonly string[],
  store: TrialLog,
): Promise<readonly Result[]> {
  const keyOf = (configuration: Configuration): string =>
    JSON.stringify(names.map((name) => configuration[name]));
  const known = new Set<string>();
  for await (const { configuration } of store.trials(studyId)) known.add(keyOf(configuration));
  return results.filter(({ configuration }) => {
    const key = keyOf(configuration);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}
