import { createHash } from 'node:crypto';
import type { StudyIdentity } from './records.ts';

/** A hash of the identity: twelve hex digits (48 bits), the same on every machine. */
export function studyId(identity: StudyIdentity): string {
  const { kernelHash, targetFingerprint, spaceHash, objective, strategy, seed } = identity;
  const text = JSON.stringify([kernelHash, targetFingerprint, spaceHash, objective, strategy, seed]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
