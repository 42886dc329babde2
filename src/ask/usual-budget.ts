import type { Budget } from '../../store/records.ts';
import { type TargetKind, targetKinds } from '../../store/target-kinds.ts';

/** On a simulator, spaces of at most this many configurations are searched completely. */
export const WHOLE_SPACE = 4096;
export const USUAL_TRIALS = 300;
const USUAL_MS = 60_000;

/** The default budget: time on a real machine; trials on a simulator, or all of a small space. */
export function usualBudget(kind: TargetKind, spaceSize: number): Budget {
  if (targetKinds[kind].usualBudget === 'time') return { forMs: USUAL_MS };
  return spaceSize <= WHOLE_SPACE ? {} : { trials: USUAL_TRIALS };
}
