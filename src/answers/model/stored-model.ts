import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CatalogStore } from '../../../store/catalog-store.ts';
import type { ModelStore } from '../../../store/model-store.ts';
import type { StudyStore } from '../../../store/study-store.ts';
import { ACROSS, type AcrossModel, loadAcrossModel } from '../../../tuner/models/across/across-model.ts';
import { examplesIn } from '../../../tuner/models/across/examples.ts';
import { SPLITS } from '../../../tuner/models/across/spread.ts';
import { storedExamples, teachingStudies } from '../../../tuner/models/across/stored-examples.ts';
import { type TrainingAnswer, trainApart } from '../../../tuner/models/across/train-apart.ts';

/** Fewer cannot be split into some to learn from and some to judge by. */
export const FEWEST_STUDIES = 4;
const SEED = 1;

const figures = z
  .object({ rank: z.number(), error: z.number(), regret: z.number(), inside: z.number() })
  .readonly();
const metricsSchema = z
  .object({
    learner: z.enum(['trees', 'network']),
    studies: z.int(),
    trials: z.int(),
    heldOut: z
      .array(z.object({ split: z.enum(SPLITS), kernel: z.string(), target: z.string(), figures }).readonly())
      .readonly(),
  })
  .readonly();

/** How a model was made, and what it made of studies that it was not shown. */
export type ModelMetrics = z.infer<typeof metricsSchema>;
export type StoredModel = Readonly<{
  version: string;
  trainedAt: number;
  metrics: ModelMetrics;
  model: AcrossModel;
}>;

/** The model that was trained last; undefined where none was. */
export async function storedModel(store: ModelStore): Promise<StoredModel | undefined> {
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

/** How many studies of a store a model could be shown. */
export async function studiesToLearnFrom(store: CatalogStore & StudyStore): Promise<number> {
  return (await teachingStudies(store)).length;
}

/**
 * Learns from all that the store has, in a thread of its own, and keeps the model under a version that
 * follows from its bytes. 'too little' where the store has too few studies to learn from and judge by.
 */
export async function trainStoredModel(
  store: CatalogStore & StudyStore & ModelStore,
  signal: AbortSignal,
): Promise<'trained' | 'too little'> {
  const studies = await storedExamples(store);
  if (studies.length < FEWEST_STUDIES) return 'too little';
  const answer = await trainApart({ studies, seed: SEED }, signal);
  const version = `${ACROSS}-${createHash('sha256').update(answer.blob).digest('hex').slice(0, 12)}`;
  const metrics = metricsOf(answer, studies.length, examplesIn(studies));
  await store.saveModel({ version, kind: ACROSS, metrics, blob: answer.blob });
  return 'trained';
}

function metricsOf({ learner, heldOut }: TrainingAnswer, studies: number, trials: number): ModelMetrics {
  return { learner, studies, trials, heldOut };
}
