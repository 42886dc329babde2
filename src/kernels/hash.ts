import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Kernel } from './ir.ts';

/**
 * The kernel's identity: the first 16 hex characters of the SHA-256 of its canonical JSON. The
 * shape is part of it, the kernel's own name is not: the same computation under another name is
 * the same kernel.
 */
export function kernelHash(kernel: Kernel): string {
  const { name: _, ...computation } = kernel;
  return createHash('sha256').update(canonicalJson(computation)).digest('hex').slice(0, 16);
}
