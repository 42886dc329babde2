import type { Clock } from '../../tuner/clock.ts';

type Bucket = { tokens: number; filledAt: number };

/** Callers kept; when there are more, the half that called longest ago is forgotten. */
const REMEMBERED = 1000;

/**
 * A token bucket for each caller: `burst` requests at once, `perSecond` in the long term.
 * Returns 0 if the request is allowed, otherwise the seconds to wait.
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
