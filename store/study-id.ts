import { createHash } from 'node:crypto';
import type { StudyIdentity } from './records.ts';

/** A hash of the identity: twelve hex digits (48 bits), the same on every machine. */
export function studyId(identity: StudyIdentity): string {
  const { kernelHash, targetFingerprint, spaceHash, objective, strategy, seed, wave } = identity;
  const parts = [
    kernelHash,
    targetFingerprint,
    spaceHash,
    objective,
    strategy,
    seed,
    ...(wave === undefined ? [] : [wave]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
