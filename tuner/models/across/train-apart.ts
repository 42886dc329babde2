import { Worker } from 'node:worker_threads';
import type { TrainingRequest, TrainingResult } from './training.ts';

/** Trains in a thread of its own, which the signal ends. Rejects with what the thread throws. */
export function trainApart(request: TrainingRequest, signal: AbortSignal): Promise<TrainingResult> {
  const worker = new Worker(new URL('./train-worker.js', import.meta.url), { workerData: request });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<TrainingResult>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`training ended with code ${code} before it was done`)));
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    void worker.terminate();
  });
}
