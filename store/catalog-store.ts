import type { ImportedKernel, KernelRecord, TargetRecord } from './records.ts';

/** Kernels and targets. */
export interface CatalogStore {
  saveKernel(kernel: KernelRecord): Promise<void>;
  /** Adds a kernel to the imported ones; the same name again replaces it. */
  importKernel(imported: Omit<ImportedKernel, 'importedAt'>): Promise<void>;
  kernel(hash: string): Promise<KernelRecord | undefined>;
  /** All kernels, by name, shape, dtype; or those that a name or a title means. */
  kernels(filter?: Readonly<{ name?: string }>): Promise<readonly KernelRecord[]>;
  importedKernel(name: string): Promise<ImportedKernel | undefined>;
  importedKernels(): Promise<readonly ImportedKernel[]>;

  saveTarget(target: TargetRecord): Promise<void>;
  target(fingerprint: string): Promise<TargetRecord | undefined>;
  /** All targets, by name; of the same name, the latest first. */
  targets(filter?: Readonly<{ name?: string }>): Promise<readonly TargetRecord[]>;
}
