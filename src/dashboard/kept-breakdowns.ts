import type { ComputeBreakdowns } from './plan-page.ts';

/** So many calls are kept; of a longer plan each request computes those again that were asked for first. */
const MOST_KEPT = 20_000;

/**
 * Computes the breakdowns of each call once. A plan's page asks for all of its studies again whenever one of them ends, and
 * a kernel, a machine and a configuration have one breakdown for ever.
 */
export function keepingBreakdowns(compute: ComputeBreakdowns): ComputeBreakdowns {
  const kept = new Map<string, ReturnType<ComputeBreakdowns>>();
  return (call, configurations) => {
    const key = JSON.stringify([call.kernel.hash, call.fingerprint, configurations]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = compute(call, configurations);
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
    return found;
  };
}
