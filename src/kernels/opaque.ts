import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Kernel } from './ir.ts';

/** A kernel that only the user's device can run: only its name, and perhaps shape and dtype, are known. */
export type OpaqueKernel = Readonly<{
  kind: 'opaque';
  name: string;
  /** Empty where it was not given. */
  shape: readonly number[];
  dtype: string;
}>;

export type AnyKernel = Kernel | OpaqueKernel;

/** The dtype of an opaque kernel for which none was given. */
export const UNKNOWN_DTYPE = '-';

export function isOpaque(kernel: AnyKernel): kernel is OpaqueKernel {
  return 'kind' in kernel;
}

/** The identity of an opaque kernel: the first 16 hex characters of the SHA-256 of name, shape and dtype. */
export function opaqueHash(kernel: OpaqueKernel): string {
  return createHash('sha256').update(canonicalJson(kernel)).digest('hex').slice(0, 16);
}
