import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What code in C with vectors begins with, after the number of lanes (LANES). */
export const LANES_HEADER = readFileSync(fileURLToPath(new URL('./lanes.h', import.meta.url)), 'utf8');

/** Bytes of an element on which arithmetic is done. */
export const LANE_BYTES = 4;
/** Of vectors that scalar code lacks. */
export const LEAST_LANES = 4;
