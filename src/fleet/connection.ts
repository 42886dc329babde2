import { Redis } from 'ioredis';
import { InputError } from '../../search-space/input-error.ts';
import type { FleetAddress } from './address.ts';

/** The prefix of the queues' keys in Redis. */
export const PREFIX = 'nightshift-jobs';

/** Milliseconds until a Redis that does not answer is reported. */
const PATIENCE_MS = 5000;

/** A connection that is made again whenever it breaks; what is asked in the meantime waits. */
export function connect({ url, password }: FleetAddress): Redis {
  const redis = new Redis(url, {
    ...(password !== undefined && { password }),
    maxRetriesPerRequest: null,
    retryStrategy: (tries) => Math.min(1000, 50 * tries),
    lazyConnect: true,
  });
  // Each failed attempt is told here; commands wait for the next one.
  redis.on('error', () => {});
  return redis;
}

/** Tells once when Redis is lost, and once when it is back, until the result is called. */
export function watchConnection(redis: Redis, tell: (isThere: boolean) => void): () => void {
  let isThere = true;
  const hear = (now: boolean): void => {
    if (now !== isThere) tell(now);
    isThere = now;
  };
  const [lost, back] = [() => hear(false), () => hear(true)];
  redis.on('close', lost);
  redis.on('ready', back);
  return () => {
    redis.off('close', lost);
    redis.off('ready', back);
  };
}

/** The same, but Redis must answer now. Throws InputError. */
export async function connectNow(address: FleetAddress): Promise<Redis> {
  const redis = connect(address);
  const failures: string[] = [];
  redis.on('error', ({ message }: Error) => failures.push(message));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const answered = await Promise.race([redis.ping().then(() => true, refused(failures)), late]);
  clearTimeout(timer);
  if (answered) return redis;
  redis.disconnect();
  const { host } = new URL(address.url);
  const why = failures.at(-1) ?? 'no answer';
  throw new InputError('--fleet', `no Redis to use at ${host}: ${why}`, hintFor(why));
}

function hintFor(why: string): string {
  if (/certificate/.test(why)) return 'name the file of its authority’s certificate in NODE_EXTRA_CA_CERTS';
  if (/NOAUTH/.test(why)) return 'it wants a password: set REDISCLI_AUTH, or write redis://:password@host';
  if (/WRONGPASS|invalid password/.test(why))
    return 'the password is another one: check REDISCLI_AUTH, or the one in the address';
  return 'start redis-server, or check the address';
}

function refused(failures: string[]): (error: unknown) => false {
  return (error) => {
    failures.push(error instanceof Error ? error.message : String(error));
    return false;
  };
}
