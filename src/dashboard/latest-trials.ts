import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StudyStore } from '../../store/study-store.ts';
import type { SettledTrial } from '../../store/trial.ts';

/** The most trials of a page, besides the fastest. */
export const MOST_TRIALS = 2000;
/** The number of trials read before the event loop answers other requests. */
const TRIALS_PER_TURN = 500;

/** A study's trials from a number on. */
export async function latestOf(
  studyId: string,
  from: number,
  store: Pick<StudyStore, 'trials'>,
): Promise<readonly SettledTrial[]> {
  const found: SettledTrial[] = [];
  for await (const trial of store.trials(studyId, Math.max(0, from))) {
    found.push(trial);
    if (found.length % TRIALS_PER_TURN === 0) await nextTurn();
  }
  return found;
}
