import type { Parameter } from '../../search-space/parameter.ts';
import type { ModelRecord, StudyRecord } from '../../store/records.ts';
import type { SettledTrial } from '../../store/trial.ts';
import type { TrialStore } from '../../store/trial-store.ts';
import { transferPrior } from '../models/transfer-prior.ts';
import type { Prior } from '../strategies/_base.ts';
import { type Memory, memoryOf, packMemories, recall, unpackMemories } from './memory.ts';
import { nearestStudies } from './nearest.ts';

type PriorStore = Pick<
  TrialStore,
  'study' | 'studies' | 'kernel' | 'target' | 'trials' | 'model' | 'saveModel' | 'counts'
>;

/** What a study knew when it began, as it is kept. */
export type FrozenPrior = Pick<ModelRecord, 'version' | 'blob'>;

/** Under which version a study's prior is kept: one a study, frozen when it is opened. */
export function priorVersionOf(studyId: string): string {
  return `prior-${studyId}`;
}

/**
 * The prior that a study was opened with; where it has none yet, what the store knows now of its kind is
 * frozen for it. So the same command continues a study with the same prior, whatever was measured
 * meanwhile. Undefined for a study that began without one.
 */
export async function frozenPrior(store: PriorStore, studyId: string): Promise<FrozenPrior | undefined> {
  const version = priorVersionOf(studyId);
  const frozen = await store.model(version);
  if (frozen !== undefined) return frozen;
  const { settled } = await store.counts(studyId);
  if (settled > 0) return undefined;
  const study = await store.study(studyId);
  if (study === undefined) throw new RangeError(`there is no study '${studyId}'`);
  const memories = await remember(store, study);
  const metrics = { studies: memories.map(({ study }) => study) };
  const record = { version, kind: 'prior', metrics, blob: packMemories(memories) };
  await store.saveModel(record);
  return record;
}

async function remember(store: PriorStore, asked: StudyRecord): Promise<readonly Memory[]> {
  const memories: Memory[] = [];
  for (const { study } of await nearestStudies(store, asked)) {
    const trials: SettledTrial[] = [];
    for await (const trial of store.trials(study.id)) trials.push(trial);
    memories.push(memoryOf(study.id, asked.space.parameters, trials));
  }
  return memories;
}

/** What the record says of a space with these parameters; undefined where that is nothing. */
export function priorFrom(
  parameters: readonly Parameter[],
  { version, blob }: FrozenPrior,
): Prior | undefined {
  const studies = unpackMemories(blob).map((memory) => recall(parameters, memory));
  return transferPrior(parameters, studies, version);
}
