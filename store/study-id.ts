import { createHash } from 'node:crypto';
import type { StudyIdentity } from './records.ts';

/** Twelve hex digits (48 bits) that are the same for the same identity, everywhere and always. */
export function studyId(identity: StudyIdentity): string {
  const { kernelHash, targetFingerprint, spaceHash, objective, strategy, seed } = identity;
  const text = JSON.stringify([kernelHash, targetFingerprint, spaceHash, objective, strategy, seed]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
