import type { Redis } from 'ioredis';
import { z } from 'zod';
import { BEAT_MS, CLAIM_MS } from './lease-rules.ts';

const DAEMONS = 'nightshift:daemons';

const daemonSchema = z
  .strictObject({
    /** Of the store whose jobs it hands out. */
    owner: z.string(),
    host: z.string(),
    pid: z.int(),
    store: z.string(),
  })
  .readonly();
/** A daemon that hands out jobs to a fleet. */
export type FleetDaemon = z.infer<typeof daemonSchema>;

/** Says that a daemon is there; answers with all that have said so lately. */
const BEAT = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms - ARGV[2])
redis.call('ZADD', KEYS[1], ms, ARGV[1])
return redis.call('ZRANGE', KEYS[1], 0, -1)`;

/**
 * Says that a daemon is there until the result is called, and tells once of each daemon of another store beside it. They
 * harm each other's results in nothing, as a device does one job at a time and jobs carry their owner; but they share the devices.
 */
export function announceDaemon(
  redis: Redis,
  own: FleetDaemon,
  tell: (other: FleetDaemon) => void,
): () => Promise<void> {
  const member = JSON.stringify(own);
  const told = new Set<string>();
  const beat = async (): Promise<void> => {
    const members = z.array(z.string()).parse(await redis.eval(BEAT, 1, DAEMONS, member, CLAIM_MS));
    for (const other of members.flatMap(read)) {
      if (other.owner === own.owner || told.has(other.owner)) continue;
      told.add(other.owner);
      tell(other);
    }
  };
  const safely = (): void => void beat().catch(() => {});
  safely();
  const beating = setInterval(safely, BEAT_MS);
  return async () => {
    clearInterval(beating);
    await redis.zrem(DAEMONS, member).catch(() => {});
  };
}

/** What no version of ours wrote is no daemon. */
function read(text: string): readonly FleetDaemon[] {
  try {
    return [daemonSchema.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}
