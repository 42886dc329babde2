import type { Proposal, Result } from '../../store/trial.ts';

/** The first timing of proposals: cheap, good enough to rank them, never to report a gain. */
export type Screening = Readonly<{
  /** An interrupted batch, and one that no time is left for, may come back shorter. */
  time(proposals: readonly Proposal[], signal: AbortSignal): Promise<readonly Result[]>;
  /** Whether there is time for another trial. */
  hasTime(): boolean;
  /** What a reader should know of how it went. */
  notes(): readonly string[];
}>;
