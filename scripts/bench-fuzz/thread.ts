import { parentPort, workerData } from 'node:worker_threads';
import { parserDoors } from './doors.ts';
import { fuzz, type Stream } from './fuzz.ts';
import { httpDoors } from './http-doors.ts';

/** A thread's task: a door, its inputs, and the shared memory for the number of the current input. */
export type FuzzTask = Stream & Readonly<{ door: string; inside: Int32Array }>;

async function work({ door: name, inside, ...stream }: FuzzTask): Promise<void> {
  const door = [...parserDoors, ...httpDoors].find((one) => one.name === name);
  if (door === undefined) throw new Error(`there is no door '${name}'`);
  parentPort?.postMessage(await fuzz(door, stream, (number) => Atomics.store(inside, 0, number)));
}

await work(workerData);
