import type { Clock } from '../../tuner/clock.ts';

type Bucket = { tokens: number; filledAt: number };

/** Callers that are remembered; when more come, those with a full bucket are forgotten first. */
const REMEMBERED = 1000;

/**
 * A token bucket a caller: `burst` requests at once, `perSecond` in the long term.
 * Answers 0 where a request may pass, otherwise the seconds to wait.
 */
export function rateLimit(clock: Clock, perSecond: number, burst: number): (caller: string) => number {
  const buckets = new Map<string, Bucket>();
  return (caller) => {
    const now = clock.elapsed();
    const bucket = buckets.get(caller) ?? { tokens: burst, filledAt: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    buckets.delete(caller);
    buckets.set(caller, { tokens: tokens >= 1 ? tokens - 1 : tokens, filledAt: now });
    if (buckets.size > REMEMBERED)
      for (const oldest of [...buckets.keys()].slice(0, REMEMBERED / 2)) buckets.delete(oldest);
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perSecond);
  };
}
