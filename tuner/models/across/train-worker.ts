import { parentPort, workerData } from 'node:worker_threads';
import { learners } from './across-model.ts';
import { trainBest } from './train.ts';
import type { TrainingAnswer, TrainingOrder } from './train-apart.ts';

/** A thread that learns, so that whoever measures need not wait. */
async function serve(port: NonNullable<typeof parentPort>, { studies, seed }: TrainingOrder): Promise<void> {
  const { model, heldOut } = await trainBest(learners, studies, seed);
  port.postMessage({
    learner: model.learner,
    blob: model.save(),
    heldOut: heldOut.map(({ split, kernel, target, figures }) => ({ split, kernel, target, figures })),
  } satisfies TrainingAnswer);
}

if (parentPort !== null) await serve(parentPort, workerData);
