import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Searched } from './results.ts';
import type { Task } from './task.ts';

/** Performs the tasks in a process for each core, so that each measures its own CPU time. Results are in the order of the tasks. */
export async function performAll(tasks: readonly Task[]): Promise<readonly Searched[]> {
  const results: Searched[] = [];
  const waiting = tasks.entries();
  const serve = async (): Promise<void> => {
    const worker = fork(new URL('./worker.js', import.meta.url), { serialization: 'advanced' });
    try {
      for (const [place, task] of waiting) results[place] = await ask(worker, task);
    } finally {
      worker.kill();
    }
  };
  const processes = Math.min(availableParallelism(), tasks.length);
  await Promise.all(Array.from({ length: processes }, serve));
  return results;
}

function ask(worker: ChildProcess, task: Task): Promise<Searched> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void => reject(new Error(`a worker ended with code ${code}`));
    worker.once('exit', gone);
    worker.once('message', (message: Searched) => {
      worker.off('exit', gone);
      resolve(message);
    });
    worker.send(task);
  });
}
