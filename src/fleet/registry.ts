import type { Redis } from 'ioredis';
import { CLAIM_MS } from './lease-rules.ts';
import { deviceNameSchema, type Presence, presenceSchema } from './messages.ts';

const NAMES = 'nightshift:devices';
const LOST = 'nightshift:lost';
const keyOf = (device: string): string => `nightshift:device:${device}`;
const asideKeyOf = (device: string): string => `nightshift:aside:${device}`;

/** For how long a device that keeps failing gets no job. Milliseconds. */
const ASIDE_MS = 60_000;
/** What is told of why, at most. */
const MOST_WORDS = 300;

/** Answers with the claim of another worker; else writes this one's. */
const CLAIM = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).instance ~= ARGV[1] then return held end
redis.call('SADD', KEYS[2], ARGV[4])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return false`;

const LEAVE = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).instance == ARGV[1] then redis.call('DEL', KEYS[1]) end
return false`;

/** A device by its name: who claims it now, null if nobody does; how many jobs it lost; why it gets none for a while. */
export type Listed = Readonly<{
  device: string;
  presence: Presence | null;
  lost: number;
  aside: string | null;
}>;

/** The claims on devices, in Redis: a name has one worker at a time. */
export class Registry {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Claims a device, or renews the claim; the answer is the claim of another worker, if there is one. */
  async claim(device: string, presence: Presence): Promise<Presence | undefined> {
    const words = [presence.instance, JSON.stringify(presence), CLAIM_MS, device] as const;
    return read(await this.#redis.eval(CLAIM, 2, keyOf(device), NAMES, ...words));
  }

  async leave(device: string, { instance }: Presence): Promise<void> {
    await this.#redis.eval(LEAVE, 1, keyOf(device), instance);
  }

  async list(): Promise<readonly Listed[]> {
    const written = await this.#redis.smembers(NAMES);
    const names = written.filter((name) => deviceNameSchema.safeParse(name).success).sort();
    if (names.length === 0) return [];
    const [claims, lost, aside] = await Promise.all([
      this.#redis.mget(names.map(keyOf)),
      this.#redis.hmget(LOST, ...names),
      this.#redis.mget(names.map(asideKeyOf)),
    ]);
    return names.map((device, i) => ({
      device,
      presence: read(claims[i]) ?? null,
      lost: Number(lost[i] ?? 0),
      aside: aside[i] ?? null,
    }));
  }

  /** Gives a device no jobs for a while, of any study. */
  async setAside(device: string, why: string): Promise<void> {
    await this.#redis.set(asideKeyOf(device), why.slice(0, MOST_WORDS), 'PX', ASIDE_MS);
  }

  /** Counts a job that a device did not end. */
  async countLost(device: string): Promise<void> {
    await this.#redis.hincrby(LOST, device, 1);
  }
}

/** A claim that no version of ours wrote is none. */
function read(text: unknown): Presence | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return presenceSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
