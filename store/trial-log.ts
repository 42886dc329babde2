import type { SettledTrial } from './trial.ts';

/** The settled trials of a study. All state in memory is a fold over them. */
export interface TrialLog {
  /** Settled trials in order from a number (default 0), read in pages. */
  trials(studyId: string, from?: number): AsyncIterable<SettledTrial>;
}
