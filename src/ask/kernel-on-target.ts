import type { Kernel } from '../kernels/ir.ts';
import type { Target } from '../targets/_base.ts';
import { resolveTarget } from '../targets/resolve.ts';
import type { Imports } from './own-kernels.ts';
import { type ResolvedKernel, resolveKernel } from './resolve-kernel.ts';
import type { Subject } from './study-spec.ts';

/** The resolved subject of a question or a study. */
export type KernelOnTarget = Readonly<{ kernel: Kernel; target: Target }>;

/** Resolves a subject. Throws InputError for an unknown kernel or target, and an impossible shape or dtype. */
export async function resolveSubject(
  subject: Subject,
  imports?: Imports,
): Promise<ResolvedKernel & KernelOnTarget> {
  const resolved = await resolveKernel(subject, imports);
  return { ...resolved, target: await resolveTarget(subject.target) };
}
