import type { Proposal, Result } from '../../store/trial.ts';

/**
 * The first timing of a batch of proposals: cheap, good enough to rank them, never to report a gain.
 * An interrupted batch may come back shorter.
 */
export type Screening = (proposals: readonly Proposal[], signal: AbortSignal) => Promise<readonly Result[]>;
