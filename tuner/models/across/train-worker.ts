import { parentPort, workerData } from 'node:worker_threads';
import { learners } from './across-model.ts';
import { trainBest } from './train.ts';
import type { TrainingRequest, TrainingResult } from './training.ts';

/** A thread that trains, so that measuring need not wait for it. */
async function serve(
  port: NonNullable<typeof parentPort>,
  { studies, seed }: TrainingRequest,
): Promise<void> {
  const { model, heldOut } = await trainBest(learners, studies, seed);
  port.postMessage({
    learner: model.learner,
    blob: model.save(),
    heldOut: heldOut.map(({ split, kernel, target, figures }) => ({ split, kernel, target, figures })),
  } satisfies TrainingResult);
}

if (parentPort !== null) await serve(parentPort, workerData);
