import { setMaxListeners } from 'node:events';
import type { Redis } from 'ioredis';
import type { Clock } from '../../tuner/clock.ts';
import { type JobEnd, Line } from './line.ts';
import type { Answer, DeviceJob, Presence } from './messages.ts';
import { CLAIM_MS, Registry } from './registry.ts';
import { orAborted, sleep } from './waiting.ts';

/** Jobs of a device: one that it does, and one that is ready for it. */
const AHEAD = 2;
/** How old what is known of the devices may be. Milliseconds. */
const FRESH_MS = 500;
/** A device that lost so many jobs in a row gets none for a while. */
const MOST_LOST = 3;
const ASIDE_MS = 60_000;

/** Devices that may measure for one study: those of a fingerprint whose names fit. */
export type DevicePool = Readonly<{ pattern: string; fingerprint: string }>;

export type FleetDevice = Readonly<{ device: string; presence: Presence }>;

type WithoutLease<Job> = Job extends unknown ? Omit<Job, 'lease'> : never;
/** A job before it is handed out. */
export type UnleasedJob = WithoutLease<DeviceJob>;

/** The fleet as the daemon sees it: hands jobs out to devices until one has answered. */
export class Fleet {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #registry: Registry;
  readonly #lines = new Map<string, Line>();
  readonly #asideUntil = new Map<string, number>();
  readonly #seenMs = new Map<string, number>();
  #present: Readonly<{ devices: readonly FleetDevice[]; atMs: number }> | undefined;
  #looking: Promise<readonly FleetDevice[]> | undefined;
  #lastLease = 0;
  /** Who waits until a device is free. */
  readonly #waiting: (() => void)[] = [];

  constructor(redis: Redis, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
    this.#registry = new Registry(redis);
  }

  /** The devices that are there and whose names fit the pattern, in the order of their names. */
  async devices(pattern: string): Promise<readonly FleetDevice[]> {
    return (await this.#devices()).filter(({ device }) => fits(pattern, device));
  }

  /**
   * An answer to a job, of whichever device of the pool; undefined if the signal aborts first. A job that a device loses
   * is handed out again, under another lease. Waits as long as no device is there.
   */
  async ask(work: UnleasedJob, pool: DevicePool, signal: AbortSignal): Promise<Answer | undefined> {
    // A wave waits with one signal.
    setMaxListeners(0, signal);
    while (!signal.aborted) {
      const lines =
        (await orAborted(
          this.#linesOf(pool).catch(() => []),
          signal,
        )) ?? [];
      const line = await this.#lineFor(work.id, lines, signal);
      if (line === undefined) {
        await this.#freed(signal);
        continue;
      }
      const job: DeviceJob = { ...work, lease: this.#nextLease() };
      const asked = line.ask(job, () => this.#isThere(line.device), signal).catch(() => 'gone' as const);
      const end = (await orAborted(asked, signal)) ?? 'aborted';
      line.outstanding--;
      for (const wake of this.#waiting.splice(0)) wake();
      if (typeof end === 'object') line.lostInARow = 0;
      if (typeof end === 'object') return end;
      await this.#count(line, end);
      await this.#freed(signal);
    }
    return undefined;
  }

  async close(): Promise<void> {
    const closing = Promise.all([...this.#lines.values()].map((line) => line.close()));
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, FRESH_MS).unref())]);
    this.#redis.disconnect();
  }

  async #count(line: Line, end: Exclude<JobEnd, Answer>): Promise<void> {
    if (end !== 'lost') return;
    await this.#registry.countLost(line.device).catch(() => {});
    if (++line.lostInARow < MOST_LOST) return;
    line.lostInARow = 0;
    this.#asideUntil.set(line.device, this.#clock.elapsed() + ASIDE_MS);
  }

  async #linesOf({ pattern, fingerprint }: DevicePool): Promise<readonly Line[]> {
    const now = this.#clock.elapsed();
    return (await this.devices(pattern))
      .filter(({ presence }) => presence.identity.target.fingerprint === fingerprint)
      .filter(({ device }) => (this.#asideUntil.get(device) ?? 0) <= now)
      .map(({ device }) => this.#lineOf(device));
  }

  /** The device that has the job already, else the one with the fewest jobs; undefined while none is free. */
  async #lineFor(id: string, lines: readonly Line[], signal: AbortSignal): Promise<Line | undefined> {
    const isFree = ({ outstanding }: Line): boolean => outstanding < AHEAD;
    if (!lines.some(isFree)) return undefined;
    const looked = Promise.all(lines.map((line) => line.has(id))).catch(() => []);
    const holding = (await orAborted(looked, signal)) ?? [];
    const free = lines.filter((line, i) => holding[i] || isFree(line));
    const [chosen] = [...free].sort((a, b) => a.outstanding - b.outstanding);
    const line = lines.find((_, i) => holding[i]) ?? chosen;
    if (line !== undefined) line.outstanding++;
    return line;
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

  /** A number that no earlier lease had, also where Redis has lost everything and after a restart. */
  #nextLease(): number {
    this.#lastLease = Math.max(this.#lastLease + 1, Math.round(this.#clock.now()) * 1000);
    return this.#lastLease;
  }

  /** A Redis that was started again does not know the claims until their next beat. */
  #isThere(device: string): boolean {
    void this.#devices().catch(() => []);
    return this.#clock.elapsed() - (this.#seenMs.get(device) ?? 0) < CLAIM_MS;
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
    const devices = listed.flatMap(({ device, presence }) =>
      presence === null ? [] : [{ device, presence }],
    );
    for (const { device } of devices) this.#seenMs.set(device, atMs);
    this.#present = { devices, atMs };
    return devices;
  }
}

/** Whether a name fits a pattern, in which a star stands for any characters. */
export function fits(pattern: string, name: string): boolean {
  const words = pattern.split('*').map((word) => word.replace(/[.]/g, '\\.'));
  return new RegExp(`^${words.join('.*')}$`).test(name);
}
