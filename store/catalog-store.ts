import type { ImportedKernel, KernelRecord, TargetRecord } from './records.ts';

/** Kernels and targets. */
export interface CatalogStore {
  saveKernel(kernel: KernelRecord): Promise<void>;
  /** Saves it into the list of the user's own kernels; the same name again replaces the entry. */
  importKernel(kernel: KernelRecord, calls: number | null): Promise<void>;
  kernel(hash: string): Promise<KernelRecord | undefined>;
  /** All kernels, by name, shape, dtype. */
  kernels(filter?: Readonly<{ name?: string }>): Promise<readonly KernelRecord[]>;
  importedKernel(name: string): Promise<ImportedKernel | undefined>;
  importedKernels(): Promise<readonly ImportedKernel[]>;

  saveTarget(target: TargetRecord): Promise<void>;
  target(fingerprint: string): Promise<TargetRecord | undefined>;
  /** All targets, by name; of one name, the latest first. */
  targets(filter?: Readonly<{ name?: string }>): Promise<readonly TargetRecord[]>;
}
