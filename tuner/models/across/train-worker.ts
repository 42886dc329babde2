import { parentPort, workerData } from 'node:worker_threads';
import { stackLearner } from './stack-learner.ts';
import { trainBest } from './train.ts';
import type { TrainingRequest, TrainingResult } from './training.ts';
import { treesLearner } from './trees-learner.ts';

/** The network alone is none: wherever it was measured, the stack was better. */
const CANDIDATES = [treesLearner, stackLearner];

/** A thread that trains, so that measuring need not wait for it. */
async function serve(
  port: NonNullable<typeof parentPort>,
  { studies, seed }: TrainingRequest,
): Promise<void> {
  const { model, heldOut } = await trainBest(CANDIDATES, studies, seed);
  port.postMessage({
    learner: model.learner,
    blob: model.save(),
    heldOut: heldOut.map(({ split, kernel, target, figures }) => ({ split, kernel, target, figures })),
  } satisfies TrainingResult);
}

if (parentPort !== null) await serve(parentPort, workerData);
