import type { Verification } from './verification.ts';

/** Verifications of winners. */
export interface VerificationStore {
  /** Those of a study, in the order of their places. */
  verifications(studyId: string): Promise<readonly Verification[]>;
  /** Replaces the one at its place, which goes on with it. */
  saveVerification(verification: Omit<Verification, 'verifiedAt'>): Promise<void>;
}
