import { codePolicy } from '../../generator/policy.ts';

/** Lanes of the widest block. */
const MOST_LANES = 32;

/** How variants for WebAssembly make loops. */
export const WASM_POLICY = codePolicy(MOST_LANES);
