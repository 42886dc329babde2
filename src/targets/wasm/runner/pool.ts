import { HANDSHAKE_BYTES } from '../../../generator/handshake.ts';
import {
  CONTROL_WORDS,
  LARGEST_MODULE,
  MODULE_AT,
  TASK,
  WORKER,
  waitForChange,
  wake,
  workerBlock,
} from './control.ts';
import { type Addresses, type Instance, instantiate } from './instance.ts';
import { computeChunks } from './worker-loop.ts';

/** What the runner must know of a variant besides its code. */
export type Placement = Readonly<{
  id: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** Things to share out, and the step that a thread's share is rounded up to. */
  work: number;
  grain: number;
  /** Threads that compute. */
  threads: number;
  /** Work taken at a time where it is taken dynamically; 0 for one share a thread. */
  chunk: number;
  /** Whether each computing thread has another one beside it that copies. */
  dma: boolean;
}>;

type Loaded = Readonly<{ placement: Placement; instance: Instance }>;

/**
 * Persistent threads over one shared memory. The calling thread is thread 0 and computes too;
 * workers run `serve`. Fork and join go through shared words, without messages.
 */
export class ThreadPool {
  private readonly words: Int32Array;
  private readonly epochs: number[];
  private readonly loaded = new Map<number, Loaded>();

  constructor(
    private readonly memory: WebAssembly.Memory,
    workers: number,
    private readonly addresses: Addresses,
  ) {
    this.words = new Int32Array(memory.buffer);
    this.epochs = Array.from({ length: workers }, () => 0);
  }

  /** Throws where the engine refuses the module, or it is too large. */
  load(placement: Placement): void {
    const { id, bytes } = placement;
    if (bytes.length > LARGEST_MODULE) throw new Error(`a module of ${bytes.length} bytes is too large`);
    const instance = instantiate(bytes, this.memory, this.addresses, 0);
    this.loaded.set(id, { placement, instance });
    const others = threadsOf(placement) - 1;
    if (others === 0) return;
    new Uint8Array(this.memory.buffer).set(bytes, MODULE_AT);
    this.words[CONTROL_WORDS.moduleBytes] = bytes.length;
    Atomics.store(this.words, CONTROL_WORDS.done, 0);
    for (let worker = 0; worker < others; worker++) this.post(worker, TASK.load, id, 0, 0, 0, 0);
    this.join(others);
  }

  forget(id: number): void {
    this.loaded.delete(id);
  }

  has(id: number): boolean {
    return this.loaded.has(id);
  }

  /** Wakes the workers that a variant needs with a task that is none: what follows finds them waiting. */
  rouse(id: number): void {
    const others = threadsOf(this.variant(id).placement) - 1;
    if (others === 0) return;
    Atomics.store(this.words, CONTROL_WORDS.done, 0);
    for (let worker = 0; worker < others; worker++) this.post(worker, TASK.rouse, id, 0, 0, 0, 0);
    this.join(others);
  }

  /** Calls a variant `calls` times, going round over the copies of the data. Throws what it traps with, and where it is not loaded. */
  call(id: number, calls: number): void {
    const { placement, instance } = this.variant(id);
    const copies = this.addresses.operands.length;
    if (threadsOf(placement) === 1) {
      for (let n = 0; n < calls; n++) instance.compute(0, placement.work, n % copies);
      return;
    }
    for (let n = 0; n < calls; n++) this.forkJoin(placement, instance, n % copies);
  }

  /** Threads stop waiting and end. */
  quit(): void {
    this.epochs.forEach((_, worker) => void this.post(worker, TASK.quit, 0, 0, 0, 0, 0));
  }

  private variant(id: number): Loaded {
    const loaded = this.loaded.get(id);
    if (loaded === undefined) throw new Error(`variant ${id} is not loaded`);
    return loaded;
  }

  private forkJoin(
    { id, work, grain, threads, chunk, dma }: Placement,
    instance: Instance,
    copy: number,
  ): void {
    const { words } = this;
    Atomics.store(words, CONTROL_WORDS.done, 0);
    Atomics.store(words, CONTROL_WORDS.nextChunk, 0);
    const share = Math.ceil(work / threads / grain) * grain;
    const apart = dma ? 2 : 1;
    if (dma) clearHandshakes(words, this.addresses.scratch);
    for (let thread = 0; thread < threads; thread++) {
      const begin = Math.min(work, thread * share);
      const end = chunk === 0 ? Math.min(work, begin + share) : work;
      if (dma) this.post(thread * 2, TASK.dma, id, begin, end, 0, copy);
      if (thread > 0) this.post(thread * apart - 1, TASK.compute, id, begin, end, chunk, copy);
    }
    if (chunk === 0) instance.compute(0, Math.min(work, share), copy);
    else computeChunks(words, instance, work, chunk, copy);
    this.join(threads * apart - 1);
  }

  private post(
    worker: number,
    kind: number,
    variant: number,
    begin: number,
    end: number,
    chunk: number,
    copy: number,
  ): void {
    const { words } = this;
    const block = workerBlock(worker);
    words[block + WORKER.kind] = kind;
    words[block + WORKER.variant] = variant;
    words[block + WORKER.begin] = begin;
    words[block + WORKER.end] = end;
    words[block + WORKER.chunk] = chunk;
    words[block + WORKER.copy] = copy;
    this.epochs[worker]++;
    Atomics.store(words, block + WORKER.epoch, this.epochs[worker]);
    wake(words, block + WORKER.epoch, block + WORKER.sleeps);
  }

  private join(count: number): void {
    const { words } = this;
    for (;;) {
      const done = Atomics.load(words, CONTROL_WORDS.done);
      if (done === count) break;
      waitForChange(words, CONTROL_WORDS.done, CONTROL_WORDS.mainSleeps, done);
    }
    if (Atomics.exchange(words, CONTROL_WORDS.trapped, 0) === 1) throw new Error('a worker thread trapped');
  }
}

/** Threads that a variant takes, its DMA threads among them. */
export function threadsOf({ threads, dma }: Pick<Placement, 'threads' | 'dma'>): number {
  return threads * (dma ? 2 : 1);
}

function clearHandshakes(words: Int32Array, scratch: readonly number[]): void {
  for (const address of scratch) {
    for (let line = 0; line < HANDSHAKE_BYTES / 4; line += 32) Atomics.store(words, address / 4 + line, 0);
  }
}
