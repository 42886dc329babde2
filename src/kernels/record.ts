import type { KernelRecord } from '../../store/records.ts';
import { kernelFeatures } from './features.ts';
import { kernelHash } from './hash.ts';
import { serializeKernel } from './json.ts';
import { isLibraryKernel } from './library.ts';
import { type AnyKernel, isOpaque, opaqueHash } from './opaque.ts';
import { formatShape } from './shape.ts';

/**
 * A kernel as the store keeps it. `source` is "library", "opaque", or where its text came from (a file's name);
 * a text that is the library's kernel is of the library.
 */
export function kernelRecord(kernel: AnyKernel, source: string): KernelRecord {
  const { name, dtype } = kernel;
  const said = { name, shape: formatShape(kernel.shape), dtype };
  if (isOpaque(kernel)) return { ...said, source, hash: opaqueHash(kernel), ir: null, features: {} };
  return {
    ...said,
    source: isLibraryKernel(kernel) ? 'library' : source,
    hash: kernelHash(kernel),
    ir: serializeKernel(kernel),
    features: kernelFeatures(kernel),
  };
}
