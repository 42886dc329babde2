import type { KernelRecord } from '../../store/records.ts';
import { kernelFeatures } from './features.ts';
import { kernelHash } from './hash.ts';
import { serializeKernel } from './json.ts';
import { type AnyKernel, isOpaque, opaqueHash } from './opaque.ts';
import { formatShape } from './shape.ts';

/** A kernel as the store keeps it. `source` is "library", "opaque", or where its text came from (a file's name). */
export function kernelRecord(kernel: AnyKernel, source: string): KernelRecord {
  const { name, dtype } = kernel;
  const said = { name, shape: formatShape(kernel.shape), dtype, source };
  return isOpaque(kernel)
    ? { ...said, hash: opaqueHash(kernel), ir: null, features: {} }
    : { ...said, hash: kernelHash(kernel), ir: serializeKernel(kernel), features: kernelFeatures(kernel) };
}
