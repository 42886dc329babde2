import { kernelHash } from '../../kernels/hash.ts';
import type { Kernel } from '../../kernels/ir.ts';

/** A kernel of the model: how often it is launched, from how many compiled variants, and their files. */
export type CachedKernel = Readonly<{
  kernel: Kernel;
  /** Launches in one pass through the wrappers. */
  calls: number;
  /** Texts that turned out to be this kernel; 0 for a library's matrix product. */
  variants: number;
  /** Files relative to the folder, or the library function's name. */
  sources: readonly string[];
}>;

/** What could not be imported, so that nothing of the model goes missing silently. */
export type RefusedKernel = Readonly<{
  name: string;
  calls: number;
  reason: string;
  sources: readonly string[];
}>;

export type CacheImport = Readonly<{
  kernels: readonly CachedKernel[];
  refused: readonly RefusedKernel[];
  /** What was assumed of kernels that nothing launches. */
  notes: readonly string[];
}>;

/** Kernels by the hash of their IR, refusals by name. */
export class Collection {
  private readonly kernels = new Map<string, CachedKernel>();
  private readonly refusals = new Map<string, RefusedKernel>();
  private readonly notes: string[] = [];

  add(kernel: Kernel, calls: number, variants: number, sources: readonly string[]): void {
    const hash = kernelHash(kernel);
    const known = this.kernels.get(hash);
    this.kernels.set(hash, {
      kernel: known?.kernel ?? kernel,
      calls: (known?.calls ?? 0) + calls,
      variants: (known?.variants ?? 0) + variants,
      sources: [...new Set([...(known?.sources ?? []), ...sources])],
    });
  }

  refuse(name: string, calls: number, reason: string, sources: readonly string[]): void {
    const known = this.refusals.get(name);
    this.refusals.set(name, {
      name,
      calls: (known?.calls ?? 0) + calls,
      reason: known?.reason ?? reason,
      sources: [...new Set([...(known?.sources ?? []), ...sources])],
    });
  }

  note(text: string): void {
    this.notes.push(text);
  }

  result(): CacheImport {
    return {
      kernels: [...this.kernels.values()],
      refused: [...this.refusals.values()],
      notes: this.notes,
    };
  }
}
