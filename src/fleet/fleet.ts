import { setMaxListeners } from 'node:events';
import type { Redis } from 'ioredis';
import { BackendGone } from '../../tuner/backend.ts';
import type { Clock } from '../../tuner/clock.ts';
import { BEAT_MS, CLAIM_MS, Leases } from './lease-rules.ts';
import { type JobEnd, Line } from './line.ts';
import { Loads } from './loads.ts';
import { fits } from './meant-devices.ts';
import type { Answer, DeviceJob, Presence } from './messages.ts';
import { Opinions } from './opinions.ts';
import { Registry } from './registry.ts';
import { orAborted, sleep } from './waiting.ts';

/** Jobs of a device: one that it does, and one that is ready for it. */
const AHEAD = 2;
/** How old what is known of the devices may be. Milliseconds. */
const FRESH_MS = 500;
/** A device that lost so many jobs in a row gets none for a while. */
const MOST_LOST = 3;
/** So does one on which failed what works on another of its pool, so many times in a row; nor gets more who has so many in doubt. */
const MOST_FAILED = 3;

/** A study whose devices have all been gone for so long has failed. Milliseconds. */
const GONE_MS = 300_000;

/** Devices that may measure for one study: those of a fingerprint whose names fit. */
export type DevicePool = Readonly<{ pattern: string; fingerprint: string }>;

export type FleetDevice = Readonly<{ device: string; presence: Presence; isAside: boolean }>;

type WithoutLease<Job> = Job extends unknown ? Omit<Job, 'lease'> : never;
/** A job before it is handed out. */
export type UnleasedJob = WithoutLease<DeviceJob>;

/** The fleet as the daemon sees it: hands jobs out to devices until one has answered. */
export class Fleet {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #registry: Registry;
  readonly #lines = new Map<string, Line>();
  /** When each device was seen last, in time in which Redis answered. */
  readonly #seenMs = new Map<string, number>();
  #answeredMs = 0;
  #present: Readonly<{ devices: readonly FleetDevice[]; atMs: number }> | undefined;
  #looking: Promise<readonly FleetDevice[]> | undefined;
  readonly #leases = new Leases();
  readonly #loads: Loads;
  /** Who waits until a device is free. */
  readonly #waiting: (() => void)[] = [];

  constructor(redis: Redis, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
    this.#registry = new Registry(redis);
    this.#loads = new Loads(redis, clock);
  }

  /** The devices that are there and whose names fit the pattern, in the order of their names. */
  async devices(pattern: string): Promise<readonly FleetDevice[]> {
    return (await this.#devices()).filter(({ device }) => fits(pattern, device));
  }

  /** How many devices of a pool may measure now, as far as it was looked. */
  count(pool: DevicePool): number {
    return (this.#present?.devices ?? []).filter((device) => mayMeasure(device, pool)).length;
  }

  /**
   * An answer to a job, of whichever device of the pool; undefined if the signal aborts first. A failure that one device
   * has seen is measured again on another one before it counts, where there is one. A job that a device loses
   * is handed out again, under another lease. Waits for a device, and throws BackendGone after a while without any; for
   * Redis it waits as long as it takes. What is asked for `once` is asked for by
   * nobody else, nor later.
   */
  async ask(
    work: UnleasedJob,
    pool: DevicePool,
    signal: AbortSignal,
    once = false,
  ): Promise<Answer | undefined> {
    // A wave waits with one signal.
    setMaxListeners(0, signal);
    const opinions = new Opinions<Line>();
    try {
      while (opinions.agreed() === undefined) {
        const given = await this.#askAnother(work, pool, signal, once, opinions);
        if (given === undefined) break;
        opinions.add(given.line, given.answer);
        given.line.doubted++;
      }
      await this.#compare(opinions, work.id);
      return opinions.agreed() ?? (signal.aborted ? undefined : opinions.last());
    } finally {
      for (const line of opinions.devices()) line.doubted--;
      this.#wake();
    }
  }

  /** An answer of a device that has given none yet; undefined if the signal aborts, or all that are there have. */
  async #askAnother(
    work: UnleasedJob,
    pool: DevicePool,
    signal: AbortSignal,
    once: boolean,
    opinions: Opinions<Line>,
  ): Promise<Readonly<{ line: Line; answer: Answer }> | undefined> {
    const isFirst = opinions.isEmpty;
    let isNew = once || !isFirst;
    let thereMs = this.#clock.elapsed();
    while (!signal.aborted) {
      const looked = this.#linesOf(pool).catch(() => []);
      const lines = (await orAborted(looked, signal)) ?? [];
      const others = lines.filter((line) => !opinions.has(line));
      if (lines.length > 0 && others.length === 0) return undefined;
      const holding = isNew || lines.length === 0 ? undefined : await this.#holderOf(work.id, lines, signal);
      isNew ||= lines.length > 0;
      if (lines.length > 0) thereMs = this.#clock.elapsed();
      if (this.#clock.elapsed() - thereMs > GONE_MS)
        throw new BackendGone(`no device '${pool.pattern}' has been there for ${GONE_MS / 60_000} minutes`);
      await orAborted(
        this.#loads.refresh(others).catch(() => {}),
        signal,
      );
      const line = holding ?? freest(others, isFirst, this.#loads);
      if (line === undefined) {
        await this.#freed(signal);
        continue;
      }
      const end = await this.#handOut(work, line, signal, once);
      if (typeof end === 'object' && !(await this.#isRefuted(end, work.kind === 'measure', line, lines)))
        return { line, answer: end };
      if (typeof end === 'object') await line.forget(work.id);
      if (end === 'lost') await this.#countLost(line);
      if (typeof end !== 'object') await this.#freed(signal);
    }
    return undefined;
  }

  async #handOut(work: UnleasedJob, line: Line, signal: AbortSignal, once: boolean): Promise<JobEnd> {
    line.outstanding++;
    const job: DeviceJob = { ...work, lease: this.#leases.next(this.#clock.now()) };
    const isThere = (): boolean => this.#isThere(line.device);
    const asked = line.ask(job, isThere, signal, once).catch(() => 'gone' as const);
    const end = (await orAborted(asked, signal)) ?? 'aborted';
    line.outstanding--;
    this.#wake();
    return end;
  }

  async close(): Promise<void> {
    const closing = Promise.all([...this.#lines.values()].map((line) => line.close()));
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, FRESH_MS).unref())]);
    this.#redis.disconnect();
  }

  /** Also where nobody else measures: one that answers wrongly at once would be asked hundreds of times a second. */
  async #countLost(line: Line): Promise<void> {
    await this.#registry.countLost(line.device).catch(() => {});
    if (++line.lostInARow < MOST_LOST) return;
    line.lostInARow = 0;
    await this.#setAside(line, `lost ${MOST_LOST} jobs in a row`);
  }

  /** Whether an answer says more of its device than of the job: it refuses a study that one of its pool has opened. */
  async #isRefuted(answer: Answer, isOpened: boolean, line: Line, lines: readonly Line[]): Promise<boolean> {
    line.lostInARow = 0;
    if (answer.kind !== 'refused' || !isOpened || lines.length < 2) return false;
    await this.#setAside(line, `refuses: ${answer.message}`);
    return true;
  }

  /** A device on which fails what works on others is given up after a while; what it said is forgotten. */
  async #compare(opinions: Opinions<Line>, id: string): Promise<void> {
    for (const line of opinions.devices()) {
      if (!opinions.isContradicted(line)) {
        if (opinions.hasWorked(line)) line.failedInARow = 0;
        continue;
      }
      await line.forget(id);
      if (++line.failedInARow >= MOST_FAILED)
        await this.#setAside(line, `failed ${MOST_FAILED} times in a row, while others work`);
    }
  }

  async #setAside({ device }: Line, why: string): Promise<void> {
    const { devices = [], atMs = 0 } = this.#present ?? {};
    const isIt = (other: FleetDevice): boolean => other.device === device;
    this.#present = { devices: devices.map((one) => (isIt(one) ? { ...one, isAside: true } : one)), atMs };
    await this.#registry.setAside(device, why).catch(() => {});
  }

  async #linesOf(pool: DevicePool): Promise<readonly Line[]> {
    return (await this.#devices())
      .filter((device) => mayMeasure(device, pool))
      .map(({ device }) => this.#lineOf(device));
  }

  /** The device that has the job already, of a daemon that was killed, or of a study that was interrupted. */
  async #holderOf(id: string, lines: readonly Line[], signal: AbortSignal): Promise<Line | undefined> {
    const looked = Promise.all(lines.map((line) => line.has(id))).catch(() => []);
    const holding = (await orAborted(looked, signal)) ?? [];
    return lines.find((_, i) => holding[i]);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Until a device is free, or it is time to look who is there. */
  #freed(signal: AbortSignal): Promise<void> {
    return sleep(FRESH_MS, signal, (wake) => this.#waiting.push(wake));
  }

  #lineOf(device: string): Line {
    const line = this.#lines.get(device) ?? new Line(device, this.#redis);
    this.#lines.set(device, line);
    return line;
  }

  /** A Redis that was started again, or stood still, does not know the claims until their next beat. */
  #isThere(device: string): boolean {
    void this.#devices().catch(() => []);
    return this.#answeredMs - (this.#seenMs.get(device) ?? 0) < CLAIM_MS;
  }

  async #devices(): Promise<readonly FleetDevice[]> {
    const now = this.#clock.elapsed();
    if (this.#present !== undefined && now - this.#present.atMs < FRESH_MS) return this.#present.devices;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<readonly FleetDevice[]> {
    const listed = await this.#registry.list();
    const atMs = this.#clock.elapsed();
    const devices = listed.flatMap(({ device, presence, aside }) =>
      presence === null ? [] : [{ device, presence, isAside: aside !== null }],
    );
    this.#answeredMs += Math.min(BEAT_MS, atMs - (this.#present?.atMs ?? atMs));
    for (const { device } of devices) this.#seenMs.set(device, this.#answeredMs);
    this.#present = { devices, atMs };
    return devices;
  }
}

function mayMeasure(
  { device, presence, isAside }: FleetDevice,
  { pattern, fingerprint }: DevicePool,
): boolean {
  return !isAside && fits(pattern, device) && presence.identity.target.fingerprint === fingerprint;
}

/** The one with the fewest jobs, those of others counted in; undefined while none is free. One whose failures are in doubt gets no `fresh` job. */
function freest(lines: readonly Line[], fresh: boolean, loads: Loads): Line | undefined {
  const free = lines.filter(
    ({ outstanding, doubted }) => outstanding < AHEAD && !(fresh && doubted >= MOST_FAILED),
  );
  return [...free].sort((a, b) => loads.of(a) - loads.of(b))[0];
}
