import { Worker } from 'node:worker_threads';
import type { StudyExamples } from './examples.ts';
import type { Learner } from './learner.ts';
import type { HeldOutStudy } from './spread.ts';

export type TrainingOrder = Readonly<{ studies: readonly StudyExamples[]; seed: number }>;

/** A trained model as it crosses between threads and into the store. */
export type TrainingAnswer = Readonly<{
  learner: Learner['name'];
  blob: Uint8Array;
  heldOut: readonly Omit<HeldOutStudy, 'trials'>[];
}>;

/** Learns in a thread of its own. Rejects with what the thread threw, and ends it when the signal says so. */
export function trainApart(order: TrainingOrder, signal: AbortSignal): Promise<TrainingAnswer> {
  const worker = new Worker(new URL('./train-worker.js', import.meta.url), { workerData: order });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<TrainingAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`learning ended with code ${code} before it was done`)));
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    void worker.terminate();
  });
}
