import { Worker } from 'node:worker_threads';
import type { MemberReading, TuningResults } from '../importers/tuning-results.ts';
import { errorFrom } from '../text/sent-error.ts';
import type { ReadResults } from './results-file.ts';
import type { ReadingCommand, ReadingMessage, ReadingTask, SentReading } from './results-worker.ts';
import type { Spaces } from './spaces.ts';

/** Batches that the thread reads ahead; each is of about 256 KiB of the file. */
const AHEAD = 4;
/** MiB of the thread's young objects; with the 48 of the usual limit, an import of a million results takes over 300 MB. */
const YOUNG_MIB = 16;

/**
 * Reads a file of results in a thread of its own, so that one core parses while another stores. `work` gets
 * what `readResults` returns; the thread ends with it. Throws InputError as `readResults` does.
 */
export async function readingApart<T>(
  workerData: ReadingTask,
  spaces: Spaces,
  work: (results: ReadResults) => Promise<T>,
): Promise<T> {
  const options = { workerData, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } };
  const worker = new Worker(new URL('./results-worker.js', import.meta.url), options);
  try {
    const messages = new Messages(worker);
    const opened = await spaces.watch(async (tell) => {
      for (;;) {
        const message = await messages.next();
        if (message.kind !== 'progress') return message;
        tell(message.progress);
      }
    });
    if (opened.kind !== 'opened') throw new Error(`reading ${workerData.path} began with '${opened.kind}'`);
    return await work({ format: opened.format, tuning: tuningFrom(opened, messages, spaces) });
  } finally {
    await worker.terminate();
  }
}

function tuningFrom(
  { record, deviceIsNamed }: Extract<ReadingMessage, { kind: 'opened' }>,
  messages: Messages,
  spaces: Spaces,
): TuningResults {
  let notes: readonly string[] = [];
  return {
    record,
    deviceIsNamed,
    space: () => spaces.define(record.study.space),
    notes: () => notes,
    readings: async function* () {
      messages.send({ kind: 'begin', batches: AHEAD });
      for (
        let message = await messages.next();
        message.kind === 'readings';
        message = await messages.next()
      ) {
        yield message.readings.map(received);
        messages.send({ kind: 'more' });
      }
      notes = messages.notes;
    },
  };
}

function received(reading: SentReading): MemberReading {
  return reading.kind === 'result' ? reading : { ...reading, detail: () => reading.detail };
}

/** What the thread sends, in order. */
class Messages {
  readonly #worker: Worker;
  readonly #arrived: ReadingMessage[] = [];
  #failure: unknown;
  #wake = (): void => {};
  /** What was to be said of the file when all of it was read. */
  notes: readonly string[] = [];

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: ReadingMessage) => {
      this.#arrived.push(message);
      this.#wake();
    });
    worker.once('error', (error) => this.#fail(error));
    worker.once('exit', (code) => this.#fail(new Error(`reading the results ended with code ${code}`)));
  }

  send(command: ReadingCommand): void {
    this.#worker.postMessage(command);
  }

  /** Throws what the thread threw. */
  async next(): Promise<ReadingMessage> {
    while (this.#arrived.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const [message] = this.#arrived.splice(0, 1);
    if (message.kind === 'refused') throw errorFrom(message.refusal);
    if (message.kind === 'ended') this.notes = message.notes;
    return message;
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }
}
