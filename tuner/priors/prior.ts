import type { Parameter } from '../../search-space/parameter.ts';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { ModelStore } from '../../store/model-store.ts';
import type { StudyRecord } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';
import { ACROSS, type AcrossModel, loadAcrossModel } from '../models/across/across-model.ts';
import type { StudyFacts } from '../models/across/examples.ts';
import { trainingSetFrom, transferPrior } from '../models/transfer-prior.ts';
import { readObjective, seeksTime } from '../objectives/objective.ts';
import type { Prior } from '../strategies/_base.ts';
import { type Memory, memoryOf, packPrior, trialsIn, unpackPrior } from './memory.ts';
import { modelPrior } from './model-prior.ts';
import { nearestStudies } from './nearest.ts';
import { PACKAGED, packagedModelFor } from './packaged-model.ts';

type PriorStore = CatalogStore & StudyStore & ModelStore;

/** A study's prior as plain data: trials of near studies, or a model across studies. */
export type FrozenPrior = Readonly<{
  version: string;
  memories: readonly Memory[];
  model: Readonly<{ version: string; blob: Uint8Array; facts: StudyFacts }> | null;
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
  const known = record && facts ? { version: record.version, blob: record.blob, facts } : null;
  return { version, memories, model: known };
}

/**
 * Trials of near studies; where there are none, the model learned from all studies; where there is none of these
 * either, the model that comes with the package. The store keeps that one too, so that a study keeps its prior when
 * another version of the package has another.
 */
async function freeze(store: PriorStore, study: StudyRecord, version: string): Promise<void> {
  const memories = await remember(store, study);
  const contents = { memories, model: memories.length > 0 ? null : await modelFor(store, study) };
  const metrics = { studies: memories.map((memory) => memory.study), model: contents.model };
  await store.saveModel({ version, kind: 'prior', metrics, blob: packPrior(contents) });
}

/** The version of the model to start with, which the store has; null for a study that no model knows anything of: they know times. */
async function modelFor(store: PriorStore, study: StudyRecord): Promise<string | null> {
  if (!seeksTime(readObjective(study.objective))) return null;
  const [kernel, target] = await Promise.all([
    store.kernel(study.kernelHash),
    store.target(study.targetFingerprint),
  ]);
  if (kernel === undefined || target === undefined || kernel.ir === null) return null;
  const learned = await store.latestModel(ACROSS);
  if (learned !== undefined) return learned.version;
  const packaged = packagedModelFor(target);
  if (packaged === undefined) return null;
  const { version, blob, card } = packaged;
  await store.saveModel({ version, kind: PACKAGED, metrics: card, blob });
  return version;
}

async function remember(store: PriorStore, asked: StudyRecord): Promise<readonly Memory[]> {
  const objective = readObjective(asked.objective);
  // A search for Pareto optima has no use for a prior.
  if (objective.names.length > 1) return [];
  const memories: Memory[] = [];
  for (const study of await nearestStudies(store, asked)) {
    const trials: SettledTrial[] = [];
    for await (const trial of store.trials(study.id)) trials.push(trial);
    memories.push(memoryOf(study.id, asked.space.parameters, trials, objective));
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
  if (model !== null) {
    // Read at the first question: most strategies never ask.
    return {
      version,
      isDistant: true,
      predict: (digits) => modelPrior(loadedOnce(model), model.facts, parameters, version).predict(digits),
    };
  }
  const studies = memories.map((memory) => trainingSetFrom(parameters, trialsIn(memory)));
  return transferPrior(parameters, studies, version);
}

/** Studies of one plan start with the same model, and reading one takes 0.1 s. */
let lastLoaded: Readonly<{ version: string; model: AcrossModel }> | undefined;

function loadedOnce({ version, blob }: Readonly<{ version: string; blob: Uint8Array }>): AcrossModel {
  if (lastLoaded?.version !== version) lastLoaded = { version, model: loadAcrossModel(blob) };
  return lastLoaded.model;
}
