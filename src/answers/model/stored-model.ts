import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { ModelStore } from '../../../store/model-store.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import { ACROSS, type AcrossModel, loadAcrossModel } from '../../../tuner/models/across/across-model.ts';
import { HELD_OUT_BY } from '../../../tuner/models/across/added-spread.ts';
import { examplesIn } from '../../../tuner/models/across/examples.ts';
import { LEARNERS } from '../../../tuner/models/across/learner.ts';
import { storedExamples, trainingStudies } from '../../../tuner/models/across/stored-examples.ts';
import { trainApart } from '../../../tuner/models/across/train-apart.ts';
import type { TrainingResult } from '../../../tuner/models/across/training.ts';

/** Fewer studies cannot be split for training and validation. */
export const FEWEST_STUDIES = 4;
const SEED = 1;

const figures = z
  .object({ rank: z.number(), error: z.number(), regret: z.number(), inside: z.number() })
  .readonly();
const metricsSchema = z
  .object({
    learner: z.enum(LEARNERS),
    studies: z.int(),
    trials: z.int(),
    heldOut: z
      .array(
        z.object({ split: z.enum(HELD_OUT_BY), kernel: z.string(), target: z.string(), figures }).readonly(),
      )
      .readonly(),
  })
  .readonly();

/** How a model was trained, and its errors on held-out studies. */
export type ModelMetrics = z.infer<typeof metricsSchema>;
export type StoredModel = Readonly<{
  version: string;
  trainedAt: number;
  metrics: ModelMetrics;
  model: AcrossModel;
}>;

/** The latest trained model; undefined without one. */
export async function storedModel(store: Pick<ModelStore, 'latestModel'>): Promise<StoredModel | undefined> {
  const record = await store.latestModel(ACROSS);
  if (record === undefined) return undefined;
  const { version, createdAt, metrics, blob } = record;
  return {
    version,
    trainedAt: createdAt,
    metrics: metricsSchema.parse(metrics),
    model: loadAcrossModel(blob),
  };
}

/** The number of a store's studies on which a model can be trained. */
export async function studiesToLearnFrom(store: CatalogStore & StudyStore): Promise<number> {
  return (await trainingStudies(store)).length;
}

/**
 * Trains a model on all studies of the store, in a thread of its own, and stores it; its version is a hash
 * of its bytes. 'too little' if the store has fewer than `FEWEST_STUDIES`.
 */
export async function trainStoredModel(
  store: CatalogStore & StudyStore & ModelStore,
  signal: AbortSignal,
): Promise<'trained' | 'too little'> {
  const studies = await storedExamples(store, signal);
  if (studies.length < FEWEST_STUDIES) return 'too little';
  const answer = await trainApart({ studies, seed: SEED }, signal);
  const version = `${ACROSS}-${createHash('sha256').update(answer.blob).digest('hex').slice(0, 12)}`;
  const metrics = metricsOf(answer, studies.length, examplesIn(studies));
  await store.saveModel({ version, kind: ACROSS, metrics, blob: answer.blob });
  return 'trained';
}

function metricsOf({ learner, heldOut }: TrainingResult, studies: number, trials: number): ModelMetrics {
  return { learner, studies, trials, heldOut };
}
