import type { SearchSpace } from '../../search-space/search-space.ts';
import { type Encoding, pairedEncoding, plainEncoding } from './encoding.ts';

/** How the two learners see a space: the Gaussian process plainly, the forests with pairs of sizes too. */
export type SpaceView = Readonly<{
  plain: Encoding;
  paired: Encoding;
  /** How much the process counts in a prediction, 0 … 1. */
  processShare: number;
}>;

const PROCESS_SHARE = 0.7;
/** Of many parameters a tree sees few, a process all. */
const LARGE_PROCESS_SHARE = 0.9;
const LARGE = 100_000;

export function spaceViewOf(space: Pick<SearchSpace, 'parameters' | 'size'>): SpaceView {
  return {
    plain: plainEncoding(space.parameters),
    paired: pairedEncoding(space.parameters),
    processShare: isLarge(space) ? LARGE_PROCESS_SHARE : PROCESS_SHARE,
  };
}

/** Whether a study's trials are too few to tell a model much of the space. */
export function isLarge({ size }: Pick<SearchSpace, 'size'>): boolean {
  return size > LARGE;
}
