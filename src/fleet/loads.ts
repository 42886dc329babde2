import type { Redis } from 'ioredis';
import type { Clock } from '../../tuner/clock.ts';
import { PREFIX } from './connection.ts';
import type { Line } from './line.ts';

/** How old what is known of the queues may be. Milliseconds. */
const FRESH_MS = 25;

/** How many jobs each device has of all that hand out to it: other studies of this daemon, and other daemons. */
export class Loads {
  readonly #redis: Redis;
  readonly #clock: Clock;
  /** Jobs of others, by device. */
  #others: ReadonlyMap<string, number> = new Map();
  #atMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(redis: Redis, clock: Clock) {
    this.#redis = redis;
    this.#clock = clock;
  }

  of({ device, outstanding }: Line): number {
    return outstanding + (this.#others.get(device) ?? 0);
  }

  async refresh(lines: readonly Line[]): Promise<void> {
    if (lines.length < 2 || this.#clock.elapsed() - this.#atMs < FRESH_MS) return;
    this.#looking ??= this.#look(lines).finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  /** Where jobs of our own come and go meanwhile, rather too few of others are counted: a free device is not passed over. */
  async #look(lines: readonly Line[]): Promise<void> {
    const before = lines.map(({ outstanding }) => outstanding);
    const counting = lines.map(async ({ device }) => {
      const lists = ['active', 'wait'].map((list) => this.#redis.llen(`${PREFIX}:${device}:${list}`));
      return (await Promise.all(lists)).reduce((sum, length) => sum + length, 0);
    });
    const counted = await Promise.all(counting);
    const othersOf = ({ outstanding }: Line, i: number): number =>
      Math.max(0, counted[i] - Math.max(before[i], outstanding));
    this.#others = new Map(lines.map((line, i) => [line.device, othersOf(line, i)]));
    this.#atMs = this.#clock.elapsed();
  }
}
