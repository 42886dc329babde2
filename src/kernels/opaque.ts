import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Kernel } from './ir.ts';

/** A kernel that only the user's device can run: nothing is known of it but what it is called. */
export type OpaqueKernel = Readonly<{
  kind: 'opaque';
  name: string;
  /** Empty where nobody said. */
  shape: readonly number[];
  dtype: string;
}>;

export type AnyKernel = Kernel | OpaqueKernel;

/** Stands for a dtype that nobody said. */
export const UNKNOWN_DTYPE = '-';

export function isOpaque(kernel: AnyKernel): kernel is OpaqueKernel {
  return 'kind' in kernel;
}

/** Its identity: without IR, the name is all that tells it from others. */
export function opaqueHash(kernel: OpaqueKernel): string {
  return createHash('sha256').update(canonicalJson(kernel)).digest('hex').slice(0, 16);
}
