import type { Proposal, Result, SettledTrial } from '../../store/trial.ts';
import type { Screening } from './_base.ts';

/** Screens proposals one after the other until an interruption. */
export function oneByOne(
  timeOne: (proposal: Proposal, signal: AbortSignal) => Promise<Result>,
): Screening['time'] {
  return async (proposals, signal) => {
    const results: Result[] = [];
    for (const proposal of proposals) {
      if (signal.aborted) break;
      const result = await timeOne(proposal, signal);
      // A failure during an interruption may be due to it.
      if (signal.aborted && result.state === 'invalid') break;
      results.push(result);
    }
    return results;
  };
}

/** The times so far of what was proposed for the same subset. Microseconds. */
export function peersOf({ subset }: Proposal, log: readonly SettledTrial[]): readonly number[] {
  return log.flatMap((trial) => (trial.state === 'timed' && trial.subset === subset ? [trial.timeUs] : []));
}
