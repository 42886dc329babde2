import type { FindingStore } from './finding-store.ts';
import type { Verification } from './verification.ts';

/** The reads and writes of a verification. */
export interface VerificationStore extends Pick<FindingStore, 'verifications'> {
  /** Replaces the one at its place, which goes on with it. */
  saveVerification(verification: Omit<Verification, 'verifiedAt'>): Promise<void>;
}
