import { CONTROL_WORDS, MODULE_AT, TASK, WORKER, waitForChange, wake, workerBlock } from './control.ts';
import { type Addresses, type Instance, instantiate } from './instance.ts';

/** What a worker thread is told when it starts. */
export type WorkerSetup = Readonly<{ memory: WebAssembly.Memory; worker: number; addresses: Addresses }>;

/**
 * A worker's whole life: wait for a task, do it, say so. Modules come through the shared memory, so
 * that it needs no messages and works in any engine. Thread 0 is the main thread; worker n is
 * thread n + 1.
 */
export function serve({ memory, worker, addresses }: WorkerSetup): void {
  const words = new Int32Array(memory.buffer);
  const block = workerBlock(worker);
  const instances = new Map<number, Instance>();
  let epoch = 0;
  for (;;) {
    epoch = waitForChange(words, block + WORKER.epoch, block + WORKER.sleeps, epoch);
    const kind = words[block + WORKER.kind];
    if (kind === TASK.quit) return;
    try {
      if (kind === TASK.load) load(words, memory, worker, addresses, instances);
      else if (kind !== TASK.rouse) work(words, block, instances);
    } catch {
      Atomics.store(words, CONTROL_WORDS.trapped, 1);
    }
    Atomics.add(words, CONTROL_WORDS.done, 1);
    wake(words, CONTROL_WORDS.done, CONTROL_WORDS.mainSleeps);
  }
}

function load(
  words: Int32Array,
  memory: WebAssembly.Memory,
  worker: number,
  addresses: Addresses,
  instances: Map<number, Instance>,
): void {
  const bytes = new Uint8Array(words[CONTROL_WORDS.moduleBytes]);
  bytes.set(new Uint8Array(memory.buffer, MODULE_AT, bytes.length));
  const variant = words[workerBlock(worker) + WORKER.variant];
  instances.set(variant, instantiate(bytes, memory, addresses, worker + 1));
}

function work(words: Int32Array, block: number, instances: ReadonlyMap<number, Instance>): void {
  const instance = instances.get(words[block + WORKER.variant]);
  if (instance === undefined) throw new Error('the variant is not loaded');
  const [begin, end] = [words[block + WORKER.begin], words[block + WORKER.end]];
  const [chunk, copy] = [words[block + WORKER.chunk], words[block + WORKER.copy]];
  if (words[block + WORKER.kind] === TASK.dma) instance.dma(begin, end, copy);
  else if (chunk === 0) instance.compute(begin, end, copy);
  else computeChunks(words, instance, end, chunk, copy);
}

/** Takes chunks of the work until none is left. */
export function computeChunks(
  words: Int32Array,
  instance: Instance,
  work: number,
  chunk: number,
  copy: number,
): void {
  for (;;) {
    const begin = Atomics.add(words, CONTROL_WORDS.nextChunk, 1) * chunk;
    if (begin >= work) return;
    instance.compute(begin, Math.min(begin + chunk, work), copy);
  }
}
