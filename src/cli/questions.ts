import { InputError } from '../../search-space/input-error.ts';
import type { Kernel } from '../kernels/ir.ts';
import type { AnyKernel } from '../kernels/opaque.ts';
import { formatShape } from '../kernels/shape.ts';
import type { Target } from '../targets/_base.ts';
import { resolveTarget } from '../targets/resolve.ts';
import type { Flags } from './flags.ts';
import { namedKernel } from './named-kernel.ts';
import type { GlobalOption } from './options/global.ts';
import { DEFAULT_TARGET } from './options/kernel.ts';
import type { Session } from './session.ts';

/** The kernel and target that a command's flags name, built. `source` is where the kernel came from. */
export type Question<K extends AnyKernel = Kernel> = Readonly<{
  kernel: K;
  source: string;
  target: Target<K>;
}>;

/**
 * Builds what the flags name, at their shape or at one that the command knows.
 * Throws InputError for a kernel, shape, dtype or target that there is not.
 */
export async function questionOf(
  flags: Flags<'kernel' | 'dtype' | 'target' | GlobalOption>,
  shape: string | undefined,
  session: Session,
): Promise<Question> {
  if (flags.text('kernel') === undefined)
    throw new InputError('kernel', 'is missing', '`nightshift kernels` lists them');
  const { kernel, source } = await namedKernel(flags, shape, session);
  return { kernel, source, target: await resolveTarget(flags.text('target') ?? DEFAULT_TARGET) };
}

/** "gelu 1048576 f32 on hexagon-v75" */
export function describeQuestion({ kernel, target }: Question): string {
  return `${kernel.name} ${formatShape(kernel.shape)} ${kernel.dtype} on ${target.name}`;
}

/** The command that would answer it, ready to paste. */
export function tuneCommand({ kernel, target }: Question): string {
  return `nightshift tune ${kernel.name} --shape ${formatShape(kernel.shape)} --dtype ${kernel.dtype} --target ${target.name}`;
}
