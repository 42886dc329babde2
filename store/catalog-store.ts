import type { ImportedKernel, KernelRecord, TargetRecord } from './records.ts';

/** Kernels and targets. */
export interface CatalogStore {
  saveKernel(kernel: KernelRecord): Promise<void>;
  /** Adds an imported kernel; replaces an earlier one of the same name. */
  importKernel(imported: Omit<ImportedKernel, 'importedAt'>): Promise<void>;
  kernel(hash: string): Promise<KernelRecord | undefined>;
  /** All kernels, or those with a name or title; sorted by name, shape and dtype. */
  kernels(filter?: Readonly<{ name?: string }>): Promise<readonly KernelRecord[]>;
  importedKernel(name: string): Promise<ImportedKernel | undefined>;
  importedKernels(): Promise<readonly ImportedKernel[]>;

  saveTarget(target: TargetRecord): Promise<void>;
  target(fingerprint: string): Promise<TargetRecord | undefined>;
  /** All targets, sorted by name; of the same name, the latest first. */
  targets(filter?: Readonly<{ name?: string }>): Promise<readonly TargetRecord[]>;
}
