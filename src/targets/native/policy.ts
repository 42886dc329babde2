import { codePolicy } from '../../generator/policy.ts';

/** Lanes of the widest block: eight registers of 64 bytes. */
const MOST_LANES = 128;

/** How variants in C make loops. */
export const NATIVE_POLICY = codePolicy(MOST_LANES);
