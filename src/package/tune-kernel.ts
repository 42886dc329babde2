import { resolveStudy } from '../ask/resolve-study.ts';
import { DEFAULT_TARGET } from '../ask/study-spec.ts';
import type { StudyDocument } from '../documents/findings.ts';
import type { Kernel } from '../kernels/ir.ts';
import { serializeKernel } from '../kernels/json.ts';
import { type Steering, specOf } from './spec.ts';
import { type TuneOptions, visitWith } from './visit.ts';

/** A kernel on a target. */
export type KernelQuestion = Steering &
  Readonly<{
    /** One that `defineKernel` made, or a name from `nightshift kernels`. */
    kernel: Kernel | string;
    /** '1048576', '2^20', '64x16384'; for a kernel by its name. Default: the kernel's own. */
    shape?: string;
    /** 'f32', 'f16' …; for a kernel by its name. Default: the kernel's first. */
    dtype?: string;
    /** A name from `nightshift targets`. Default: hexagon-v75, simulated. */
    target?: string;
  }>;

/**
 * Which configuration makes this kernel on this target fastest? Visits the study until the budget is spent; with
 * the same store, the same question continues it. Times are in microseconds.
 * Throws InputError for what cannot be asked, and StoreError where the store cannot be used.
 */
export async function tuneKernel(
  { kernel, target = DEFAULT_TARGET, ...asked }: KernelQuestion,
  options: TuneOptions = {},
): Promise<StudyDocument> {
  const reference =
    typeof kernel === 'string'
      ? ({ kind: 'named', name: kernel } as const)
      : ({ kind: 'ir', name: kernel.name, source: 'code', ir: serializeKernel(kernel) } as const);
  const spec = specOf({ ...asked, kernel: reference, target: { kind: 'named', name: target } });
  return visitWith((imports) => resolveStudy(spec, imports), options);
}
