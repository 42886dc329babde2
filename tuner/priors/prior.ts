import type { Parameter } from '../../search-space/parameter.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { StudyRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { ACROSS, loadAcrossModel } from '../models/across/across-model.ts';
import type { StudyFacts } from '../models/across/examples.ts';
import { trainingSetFrom, transferPrior } from '../models/transfer-prior.ts';
import type { Prior } from '../strategies/_base.ts';
import { type Memory, memoryOf, packPrior, trialsIn, unpackPrior } from './memory.ts';
import { modelPrior } from './model-prior.ts';
import { nearestStudies } from './nearest.ts';

type PriorStore = CatalogStore & StudyStore & ModelStore;

/** A study's prior as plain data: trials of near studies, or a model learned from all studies. */
export type FrozenPrior = Readonly<{
  version: string;
  memories: readonly Memory[];
  model: Readonly<{ blob: Uint8Array; facts: StudyFacts }> | null;
}>;

/** The version under which the store keeps a study's prior: one a study, frozen when it is opened. */
export function priorVersionOf(studyId: string): string {
  return `prior-${studyId}`;
}

/**
 * The prior that a study was opened with; where it has none yet, what the store knows now of its kind is
 * frozen for it. So the same command continues a study with the same prior, whatever was measured
 * meanwhile. Undefined for a study that began without one.
 */
export async function frozenPrior(store: PriorStore, studyId: string): Promise<FrozenPrior | undefined> {
  const study = await store.study(studyId);
  if (study === undefined) throw new RangeError(`there is no study '${studyId}'`);
  const version = priorVersionOf(studyId);
  if ((await store.model(version)) === undefined) {
    const { settled } = await store.counts(studyId);
    if (settled > 0) return undefined;
    await freeze(store, study, version);
  }
  const frozen = await store.model(version);
  if (frozen === undefined) return undefined;
  const { memories, model } = unpackPrior(frozen.blob);
  const facts = model === null ? undefined : await factsOf(store, study);
  const record = model === null ? undefined : await store.model(model);
  return { version, memories, model: record && facts ? { blob: record.blob, facts } : null };
}

/** Trials of near studies; where there are none, the model learned from all studies. */
async function freeze(store: PriorStore, study: StudyRecord, version: string): Promise<void> {
  const memories = await remember(store, study);
  const facts = await factsOf(store, study);
  const model = memories.length > 0 || facts === undefined ? undefined : await store.latestModel(ACROSS);
  const contents = { memories, model: model?.version ?? null };
  const metrics = { studies: memories.map((memory) => memory.study), model: contents.model };
  await store.saveModel({ version, kind: 'prior', metrics, blob: packPrior(contents) });
}

async function remember(store: PriorStore, asked: StudyRecord): Promise<readonly Memory[]> {
  const memories: Memory[] = [];
  for (const study of await nearestStudies(store, asked)) {
    const trials: SettledTrial[] = [];
    for await (const trial of store.trials(study.id)) trials.push(trial);
    memories.push(memoryOf(study.id, asked.space.parameters, trials));
  }
  return memories;
}

/** Undefined for an opaque kernel. */
async function factsOf(store: PriorStore, study: StudyRecord): Promise<StudyFacts | undefined> {
  const [kernel, target] = await Promise.all([
    store.kernel(study.kernelHash),
    store.target(study.targetFingerprint),
  ]);
  if (kernel === undefined || target === undefined || kernel.ir === null) return undefined;
  return {
    kernel: kernel.name,
    target: target.name,
    kernelFeatures: kernel.features,
    targetFeatures: target.features,
  };
}

/** The prior for a space with these parameters; undefined where it has too few times to predict from. */
export function priorFrom(
  parameters: readonly Parameter[],
  { version, memories, model }: FrozenPrior,
): Prior | undefined {
  if (model !== null) return modelPrior(loadAcrossModel(model.blob), model.facts, parameters, version);
  const studies = memories.map((memory) => trainingSetFrom(parameters, trialsIn(memory)));
  return transferPrior(parameters, studies, version);
}
