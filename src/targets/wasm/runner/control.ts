/**
 * The first bytes of a runner's shared memory: how its main thread and its workers agree. Words that
 * different threads write lie on lines of their own.
 */
const LINE = 128;

/** Indices into an Int32Array over the shared memory. */
export const CONTROL_WORDS = Object.freeze({
  /** Workers that have finished the task at hand. */
  done: 0,
  /** 1 while the main thread sleeps until `done` moves. */
  mainSleeps: LINE / 4,
  /** The next chunk to take, where chunks are taken dynamically. */
  nextChunk: (2 * LINE) / 4,
  /** 1 where a worker's variant trapped. */
  trapped: (3 * LINE) / 4,
  /** Bytes of the module that a 'load' task brings. */
  moduleBytes: (4 * LINE) / 4,
});

/** One block a worker, from here on. */
const WORKERS_AT = 8 * LINE;
const WORKER_BLOCK = 2 * LINE;

/** Places in a worker's block. The first line is the worker's to wait on, the second describes its task. */
export const WORKER = Object.freeze({
  epoch: 0,
  sleeps: 1,
  kind: LINE / 4,
  variant: LINE / 4 + 1,
  begin: LINE / 4 + 2,
  end: LINE / 4 + 3,
  chunk: LINE / 4 + 4,
  copy: LINE / 4 + 5,
});

export const TASK = Object.freeze({ load: 1, compute: 2, dma: 3, quit: 4, rouse: 5 });

export function workerBlock(worker: number): number {
  return (WORKERS_AT + worker * WORKER_BLOCK) / 4;
}

/** Here a module's bytes pass to the workers. */
export const MODULE_AT = 32 * 1024;
/** Bytes of shared memory before the first thread's scratch: a module may have the rest. */
export const CONTROL_BYTES = 1024 * 1024;
export const LARGEST_MODULE = CONTROL_BYTES - MODULE_AT;

/**
 * Turns of a waiting loop before it sleeps: some 100 µs, longer than waking a sleeper takes. With fewer,
 * one that sleeps makes its partner wait until it sleeps too, and then they take turns for ever.
 */
const SPINS = 20_000;

/** Waits until a word differs from `old`: awake at first, then asleep. */
export function waitForChange(words: Int32Array, word: number, sleeps: number, old: number): number {
  for (let turn = 0; turn < SPINS; turn++) {
    const now = Atomics.load(words, word);
    if (now !== old) return now;
  }
  Atomics.store(words, sleeps, 1);
  for (;;) {
    const now = Atomics.load(words, word);
    if (now !== old) {
      Atomics.store(words, sleeps, 0);
      return now;
    }
    Atomics.wait(words, word, old);
  }
}

/** Wakes whoever sleeps until `word` changes. */
export function wake(words: Int32Array, word: number, sleeps: number): void {
  if (Atomics.load(words, sleeps) === 1) Atomics.notify(words, word);
}
