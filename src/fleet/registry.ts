import type { Redis } from 'ioredis';
import { z } from 'zod';
import { CLAIM_MS } from './lease-rules.ts';
import {
  type DeviceTotals,
  deviceNameSchema,
  deviceTotalsSchema,
  type Presence,
  presenceSchema,
} from './messages.ts';

/** Names, by when each was claimed last. */
const NAMES = 'nightshift:seen';
const LOST = 'nightshift:lost';
const MEASURED = 'nightshift:measured';
const NOTHING: DeviceTotals = Object.freeze({ samples: 0, busyMs: 0 });
const keyOf = (device: string): string => `nightshift:device:${device}`;
const asideKeyOf = (device: string): string => `nightshift:aside:${device}`;

/** For how long a device that keeps failing gets no job. Milliseconds. */
const ASIDE_MS = 60_000;
/** What is told of why, at most. */
const MOST_WORDS = 300;
/** A device that nobody has claimed for so long is forgotten. Milliseconds. */
const FORGOTTEN_MS = 7 * 24 * 3_600_000;
const UNREADABLE = 'its worker is of another version: its claim cannot be read';

/** Answers with the claim of another worker; else writes this one's. */
const CLAIM = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).instance ~= ARGV[1] then return held end
local now = redis.call('TIME')
redis.call('ZADD', KEYS[2], now[1] * 1000, ARGV[4])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[3], ARGV[4], ARGV[5]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return false`;

const NAMED = `
local now = redis.call('TIME')
local forgotten = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now[1] * 1000 - ARGV[1])
for _, device in ipairs(forgotten) do
  redis.call('ZREM', KEYS[1], device)
  redis.call('HDEL', KEYS[2], device)
  redis.call('HDEL', KEYS[3], device)
end
return redis.call('ZRANGE', KEYS[1], 0, -1)`;

const LEAVE = `
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).instance == ARGV[1] then redis.call('DEL', KEYS[1]) end
return false`;

const holderSchema = z.object({ host: z.string() }).readonly();
type Holder = z.infer<typeof holderSchema>;

/**
 * A device by its name: who claims it now, null if nobody does; what all its workers measured; how many jobs it lost; why
 * it gets none for a while.
 */
export type Listed = Readonly<{
  device: string;
  presence: Presence | null;
  measured: DeviceTotals;
  lost: number;
  aside: string | null;
}>;

/** The claims on devices, in Redis: a name has one worker at a time. */
export class Registry {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /**
   * Claims a device, or renews the claim, and notes what it has measured, if that is known; the answer is the claim of
   * another worker, if there is one; of one of another version only the host is known.
   */
  async claim(device: string, presence: Presence, measured?: DeviceTotals): Promise<Holder | undefined> {
    const noted = measured === undefined ? '' : JSON.stringify(measured);
    const words = [presence.instance, JSON.stringify(presence), CLAIM_MS, device, noted] as const;
    const held = await this.#redis.eval(CLAIM, 3, keyOf(device), NAMES, MEASURED, ...words);
    return typeof held === 'string' ? (read(holderSchema, held) ?? { host: 'a host unknown' }) : undefined;
  }

  /** What all its workers have measured. */
  async measured(device: string): Promise<DeviceTotals> {
    return read(deviceTotalsSchema, await this.#redis.hget(MEASURED, device)) ?? NOTHING;
  }

  async leave(device: string, { instance }: Presence): Promise<void> {
    await this.#redis.eval(LEAVE, 1, keyOf(device), instance);
  }

  async list(): Promise<readonly Listed[]> {
    const written = await this.#redis.eval(NAMED, 3, NAMES, LOST, MEASURED, FORGOTTEN_MS);
    const names = z
      .array(z.string())
      .parse(written)
      .filter((name) => deviceNameSchema.safeParse(name).success)
      .sort();
    if (names.length === 0) return [];
    const [claims, lost, measured, aside] = await Promise.all([
      this.#redis.mget(names.map(keyOf)),
      this.#redis.hmget(LOST, ...names),
      this.#redis.hmget(MEASURED, ...names),
      this.#redis.mget(names.map(asideKeyOf)),
    ]);
    return names.map((device, i) => {
      const presence = read(presenceSchema, claims[i]) ?? null;
      const isUnreadable = presence === null && typeof claims[i] === 'string';
      return {
        device,
        presence,
        measured: read(deviceTotalsSchema, measured[i]) ?? NOTHING,
        lost: Number(lost[i] ?? 0),
        aside: isUnreadable ? UNREADABLE : (aside[i] ?? null),
      };
    });
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

/** What no version of ours wrote is nothing. */
function read<Value>(schema: z.ZodType<Value>, text: unknown): Value | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
