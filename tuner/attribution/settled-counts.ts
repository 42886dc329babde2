import type { SettledCounts } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';

/** How the trials of a study settled, in all and by subspace. */
export function settledCounts(log: readonly SettledTrial[]): SettledCounts {
  const invalid = { timeout: 0, compile: 0, runtime: 0, correctness: 0, constraints: 0, disturbed: 0 };
  const bySubset: Record<string, number> = {};
  let timed = 0;
  for (const trial of log) {
    if (trial.state === 'timed') timed++;
    else invalid[trial.reason]++;
    bySubset[trial.subset] = (bySubset[trial.subset] ?? 0) + 1;
  }
  return { timed, invalid, bySubset };
}
