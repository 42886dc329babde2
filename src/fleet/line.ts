import { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { PREFIX } from './connection.ts';
import { answerTo } from './lease-rules.ts';
import type { Answer, DeviceJob } from './messages.ts';
import { sleep } from './waiting.ts';

/** How often a job is looked at, in case nobody tells that it has ended. Milliseconds. */
const LOOK_MS = 1000;

/** What became of a job: an answer; 'gone' where it was not begun; 'lost' where the device did not end it. */
export type JobEnd = Answer | 'gone' | 'lost' | 'aborted';

/** A job that is waited for. */
class Asked {
  tell = (): void => {};

  /** Settles once it is told that the job has ended, from now on. */
  told(): Promise<void> {
    return new Promise((resolve) => {
      this.tell = resolve;
    });
  }
}

/** The queue of one device, as the daemon uses it. */
export class Line {
  readonly device: string;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  /** Jobs that are waited for, by their ids. */
  readonly #asked = new Map<string, Asked>();
  /** Jobs handed out and not answered. */
  outstanding = 0;
  /** Jobs lost without an answer between them. */
  lostInARow = 0;
  /** Times in a row that failed here what worked elsewhere. */
  failedInARow = 0;
  /** Answers whose failures no other device has seen yet. */
  doubted = 0;

  constructor(device: string, redis: Redis) {
    this.device = device;
    this.#queue = new Queue(device, { connection: redis, prefix: PREFIX });
    this.#events = new QueueEvents(device, { connection: redis.duplicate(), prefix: PREFIX });
    const ended = ({ jobId }: { jobId: string }): void => this.#asked.get(jobId)?.tell();
    this.#events.on('completed', ended);
    this.#events.on('failed', ended);
    // Redis is gone for a while; jobs are looked at again once it is back.
    this.#queue.on('error', () => {});
    this.#events.on('error', () => {});
  }

  async has(id: string): Promise<boolean> {
    return (await this.#queue.getJob(id)) !== undefined;
  }

  /**
   * Hands a job out and waits for what becomes of it. A job of this id that is in the queue already, of a daemon that was
   * killed, is waited for instead. An answer with another lease than the job's is stale. Where it is asked for `once`, a
   * job that nobody waits for any more is taken back unless it has begun.
   */
  async ask(job: DeviceJob, isThere: () => boolean, signal: AbortSignal, once: boolean): Promise<JobEnd> {
    const { id } = job;
    // Anew for each job: a Redis that lost everything has lost that, too.
    await Promise.all([this.#queue.setGlobalConcurrency(1), this.#queue.add(job.kind, job, { jobId: id })]);
    const asked = new Asked();
    this.#asked.set(id, asked);
    try {
      for (;;) {
        const told = asked.told();
        const end = await this.#look(id);
        if (end !== undefined) return end;
        if (signal.aborted && once) await this.forget(id);
        if (signal.aborted) return 'aborted';
        if (!isThere()) return this.#takeBack(id);
        await sleep(LOOK_MS, signal, (wake) => void told.then(wake));
      }
    } finally {
      this.#asked.delete(id);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#events.close()]);
  }

  async #look(id: string): Promise<JobEnd | undefined> {
    const job = await this.#queue.getJob(id);
    if (job === undefined) return 'gone';
    if (job.failedReason) return this.#lose(id);
    if (job.finishedOn === undefined) return undefined;
    const answer = answerTo(id, job.data, job.returnvalue);
    if (answer !== undefined) return answer;
    return this.#lose(id);
  }

  /** A job that a worker has in its hands stays: nobody reads what becomes of it. */
  async forget(id: string): Promise<void> {
    await this.#queue.remove(id).catch(() => {});
  }

  /** From a device that is gone: it has lost what it had begun, not what waited for it. */
  async #takeBack(id: string): Promise<'lost' | 'gone'> {
    const wasBegun = await (await this.#queue.getJob(id))?.isActive();
    await this.forget(id);
    return wasBegun ? 'lost' : 'gone';
  }

  async #lose(id: string): Promise<'lost'> {
    await this.forget(id);
    return 'lost';
  }
}
