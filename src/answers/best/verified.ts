import type { FindingStore } from '../../../store/finding-store.ts';
import type { StoredBest, StudyRecord } from '../../../store/records.ts';
import { isSame } from '../../ask/verify-resolved.ts';

/** That a best was timed anew beside its study's default, and is faster. */
export type VerifiedBest = Readonly<{
  /** The largest share by more than which it was shown: 0.02 for 2 %. */
  by: number;
  timings: number;
  /** The most of such claims that are false; null for exact times. */
  falseClaims: number | null;
}>;

/** Undefined where nobody verified it, or it was not shown to be faster. */
export async function verifiedBest(
  { studyId, configuration }: StoredBest,
  { defaultConfiguration }: Pick<StudyRecord, 'defaultConfiguration'>,
  store: Pick<FindingStore, 'verifications'>,
): Promise<VerifiedBest | undefined> {
  const found = (await store.verifications(studyId)).find(
    ({ winner, against }) => isSame(winner, configuration) && isSame(against, defaultConfiguration),
  );
  // Claims are in the order of what was asked for.
  const shown = found?.claims.findLast(({ verdict }) => verdict === 'faster');
  if (found === undefined || shown === undefined) return undefined;
  const { falseClaims, pairs, timingsOfPair } = found;
  return { by: shown.by, timings: pairs.length * timingsOfPair, falseClaims };
}
