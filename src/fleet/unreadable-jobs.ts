import type { Redis } from 'ioredis';
import { PREFIX } from './connection.ts';

/**
 * Takes out of a device's queue what has been handed out and is no JSON: the queue would hand it out again for ever, and
 * nothing behind it. Returns the ids of what it dropped.
 */
export async function dropUnreadable(redis: Redis, device: string): Promise<readonly string[]> {
  const keyOf = (name: string): string => `${PREFIX}:${device}:${name}`;
  const dropped: string[] = [];
  for (const id of await redis.lrange(keyOf('active'), 0, -1)) {
    const parts = await redis.hmget(keyOf(id), 'data', 'opts');
    if (parts.every(isReadable)) continue;
    const taken = await redis.lrem(keyOf('active'), 0, id);
    await redis.srem(keyOf('stalled'), id);
    await redis.del(keyOf(id), keyOf(`${id}:lock`));
    if (taken > 0) dropped.push(id);
  }
  return dropped;
}

function isReadable(text: string | null): boolean {
  try {
    JSON.parse(text || '{}');
    return true;
  } catch {
    return false;
  }
}
