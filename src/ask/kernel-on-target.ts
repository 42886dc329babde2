import type { Kernel } from '../kernels/ir.ts';
import type { Target } from '../targets/_base.ts';
import { resolveTarget } from '../targets/resolve.ts';
import { type Imports, type ResolvedKernel, resolveKernel } from './resolve-kernel.ts';
import type { Subject } from './study-spec.ts';

/** What questions and studies are about. */
export type KernelOnTarget = Readonly<{ kernel: Kernel; target: Target }>;

/** Throws InputError for a kernel, shape, dtype or target that there is not. */
export async function resolveSubject(
  subject: Subject,
  imports?: Imports,
): Promise<ResolvedKernel & KernelOnTarget> {
  const resolved = await resolveKernel(subject, imports);
  return { ...resolved, target: await resolveTarget(subject.target) };
}
