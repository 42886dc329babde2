import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Job, Worker as QueueWorker } from 'bullmq';
import type { Redis } from 'ioredis';
import { InputError } from '../../search-space/input-error.ts';
import type { Clock } from '../../tuner/clock.ts';
import type { Permit } from '../programs/keeper/permit.ts';
import { describeIssue, mainIssue } from '../text/describe-issue.ts';
import { Bench, type OwnStudies } from './bench.ts';
import { PREFIX } from './connection.ts';
import { BEAT_MS, CLAIM_MS, Hold } from './lease-rules.ts';
import {
  type Answer,
  type DeviceIdentity,
  type DeviceTotals,
  deviceJobSchema,
  type Presence,
} from './messages.ts';
import { Registry } from './registry.ts';
import { dropUnreadable } from './unreadable-jobs.ts';
import { orAborted, sleep } from './waiting.ts';

/** Answers that the daemon may still want, in seconds. */
const KEPT_S = 3600;
const FAILURES_KEPT_S = 60;
const NEVER = new AbortController().signal;

export type WorkerOptions = Readonly<{
  redis: Redis;
  device: string;
  identity: DeviceIdentity;
  /** What it may measure, as its own command line says. */
  studies: OwnStudies;
  version: string;
  clock: Clock;
  /** Of its programs: what keeps them ends them where this process cannot. */
  permit: Permit;
  /** Once aborted, it ends its program, gives the device back, and ends. */
  signal: AbortSignal;
  say(line: string): void;
}>;

/**
 * Measures on a device for whoever asks through its queue, one job at a time. A worker that cannot renew its claim ends
 * its program before the claim ends. Throws InputError if another worker has claimed the name.
 */
export async function workForFleet(options: WorkerOptions): Promise<void> {
  const device = new ClaimedDevice(options);
  await device.claim();
  try {
    await device.work();
  } finally {
    await device.close();
  }
}

class ClaimedDevice {
  readonly #options: WorkerOptions;
  readonly #registry: Registry;
  readonly #bench: Bench;
  readonly #ending = new AbortController();
  #presence: Presence;
  /** By all workers of the device; undefined until it was read. */
  #measured: DeviceTotals | undefined;
  readonly #hold = new Hold(Number.NEGATIVE_INFINITY);
  #isCutOff = false;
  #isBeating = false;
  #job: AbortController | undefined;
  #takenBy: string | undefined;

  constructor(options: WorkerOptions) {
    const { redis, identity, studies, version, clock } = options;
    this.#options = options;
    this.#registry = new Registry(redis);
    this.#bench = new Bench(studies);
    options.permit.whenOver = () => this.#job?.abort();
    this.#presence = {
      instance: randomUUID(),
      host: hostname(),
      version,
      identity,
      since: clock.now(),
      work: null,
    };
  }

  /** The claim of a worker that was killed stands for a while. */
  async claim(): Promise<void> {
    const { clock, device, signal } = this.#options;
    const began = clock.elapsed();
    let asked = began;
    for (;;) {
      asked = clock.elapsed();
      const holder = await this.#registry.claim(device, this.#presence);
      if (holder === undefined) break;
      if (signal.aborted || clock.elapsed() - began > CLAIM_MS + BEAT_MS) throw taken(device, holder.host);
      await sleep(BEAT_MS / 2, signal);
    }
    this.#renewed(asked);
    this.#measured = await this.#registry.measured(device);
  }

  async work(): Promise<void> {
    const { redis, device, signal, say } = this.#options;
    const stop = (): void => this.#ending.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const beating = setInterval(() => void this.#beat(), BEAT_MS);
    const watching = setInterval(() => this.#endOverdue(), BEAT_MS / 4);
    const connection = redis.duplicate();
    const queue = new QueueWorker<unknown, Answer>(device, (job) => this.#answer(job), {
      connection,
      prefix: PREFIX,
      concurrency: 1,
      lockDuration: CLAIM_MS,
      lockRenewTime: BEAT_MS,
      stalledInterval: BEAT_MS,
      // A job is taken up again as often as it takes: the daemon decides when a device is given up.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { age: KEPT_S },
      removeOnFail: { age: FAILURES_KEPT_S },
      runRetryDelay: BEAT_MS,
    });
    // Redis is gone for a while: the claim says for how long that may be. Or the queue cannot read a job.
    queue.on('error', () => void this.#dropUnreadable());
    queue.on('lockRenewalFailed', () => this.#job?.abort());
    say(`device ${device} is ready`);
    try {
      await orAborted(new Promise(() => {}), this.#ending.signal);
    } finally {
      clearInterval(beating);
      clearInterval(watching);
      signal.removeEventListener('abort', stop);
      this.#job?.abort();
      // So that the job is handed out again at once; without Redis its lease ends by itself.
      await Promise.race([queue.pause(), sleep(BEAT_MS, NEVER)]);
      await Promise.race([queue.close(true), sleep(BEAT_MS, NEVER)]);
      connection.disconnect();
    }
    if (this.#takenBy !== undefined) throw taken(device, this.#takenBy);
  }

  async close(): Promise<void> {
    await this.#bench.close();
    const leaving = this.#registry.leave(this.#options.device, this.#presence).catch(() => {});
    await Promise.race([leaving, sleep(BEAT_MS, NEVER)]);
  }

  /**
   * Throws for a job that was begun before and not ended, as by a worker that was killed: the daemon counts it as lost, and
   * hands it out under a lease of its own.
   */
  async #answer({ id = '', data, stalledCounter }: Job<unknown>): Promise<Answer> {
    const { clock } = this.#options;
    if (stalledCounter > 0) throw new Error('was begun before, and not ended');
    await this.#untilHeld();
    const parsed = deviceJobSchema.safeParse(data);
    if (!parsed.success) {
      const issue = describeIssue(mainIssue(parsed.error.issues, data), data, deviceJobSchema);
      return {
        kind: 'refused',
        id,
        lease: leaseOf(data),
        message: `the worker cannot read the job: ${issue}`,
      };
    }
    const job = parsed.data;
    this.#job = new AbortController();
    const began = clock.elapsed();
    if (job.kind === 'measure')
      this.#presence = { ...this.#presence, work: { study: job.study, since: clock.now() } };
    try {
      this.#job.signal.throwIfAborted();
      const answer = await this.#bench.answer(job, this.#job.signal);
      const samples = answer.kind === 'measured' ? answer.measured.length : 0;
      this.#count(samples, clock.elapsed() - began);
      return answer;
    } finally {
      this.#job = undefined;
      this.#presence = { ...this.#presence, work: null };
    }
  }

  #count(samples: number, ms: number): void {
    const { samples: before, busyMs } = this.#measured ?? { samples: 0, busyMs: 0 };
    this.#measured = { samples: before + samples, busyMs: busyMs + ms };
  }

  async #beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    const asked = this.#options.clock.elapsed();
    try {
      const holder = await this.#registry.claim(this.#options.device, this.#presence, this.#measured);
      this.#takenBy = holder?.host;
      if (holder === undefined) this.#renewed(asked);
      else this.#ending.abort();
    } catch {
      // A full Redis, or one that is being started: the claim ends unless a later beat renews it.
    } finally {
      this.#isBeating = false;
    }
  }

  async #dropUnreadable(): Promise<void> {
    const { redis, device, say } = this.#options;
    if (!this.#isHeld()) return;
    const dropped = await dropUnreadable(redis, device).catch(() => []);
    for (const id of dropped) say(`dropped the job ${id}: it is no JSON`);
  }

  #renewed(askedMs: number): void {
    this.#hold.renewed(askedMs);
    if (this.#isCutOff && this.#isHeld()) {
      this.#isCutOff = false;
      this.#options.say('Redis is back');
    }
    this.#options.permit.extend(this.#hold.untilMs);
  }

  /** Redis may be back before the claim is: a job waits for it. */
  async #untilHeld(): Promise<void> {
    const { signal } = this.#ending;
    while (!this.#isHeld() && !signal.aborted) await sleep(BEAT_MS / 4, signal);
    signal.throwIfAborted();
  }

  #isHeld(): boolean {
    return this.#hold.isHeld(this.#options.clock.elapsed());
  }

  #endOverdue(): void {
    if (this.#isHeld()) return;
    this.#job?.abort();
    if (!this.#isCutOff) this.#options.say('Redis does not answer: nothing is measured until it is back');
    this.#isCutOff = true;
  }
}

function taken(device: string, host: string): InputError {
  return new InputError(
    '--device',
    `${device} is claimed by another worker, on ${host}`,
    'stop it, or choose another name',
  );
}

/** Of a job that cannot be read, so that the daemon knows which one was refused. */
function leaseOf(data: unknown): number {
  const lease = typeof data === 'object' && data !== null && 'lease' in data ? data.lease : undefined;
  return typeof lease === 'number' && Number.isSafeInteger(lease) && lease > 0 ? lease : 1;
}
