import { InputError } from '../../search-space/input-error.ts';
import { type KernelOnTarget, resolveSubject } from '../ask/kernel-on-target.ts';
import { type ResolvedKernel, resolveKernel } from '../ask/resolve-kernel.ts';
import { DEFAULT_TARGET, type Subject } from '../ask/study-spec.ts';
import { formatShape } from '../kernels/shape.ts';
import { shellWord } from '../languages/shell.ts';
import { beyondReference } from '../targets/npu/machine/load.ts';
import type { TargetReference } from '../targets/reference.ts';
import { withCompiledCode } from '../targets/resolve.ts';
import type { Flags } from './flags.ts';
import type { GlobalOption } from './options/global.ts';
import type { targetOption } from './options/kernel.ts';
import { kernelReference, targetReference } from './references.ts';
import type { Session } from './session.ts';
import { importsOf } from './stores.ts';

type Named = Flags<'kernel' | 'dtype' | keyof typeof targetOption | GlobalOption>;

/** The subject that a command's flags name, at a given shape. Throws InputError. */
export function subjectFrom(
  flags: Flags<'kernel' | 'dtype' | keyof typeof targetOption>,
  shape: string | undefined,
): Subject {
  const kernel = flags.text('kernel');
  const dtype = flags.text('dtype');
  if (kernel === undefined) throw new InputError('kernel', 'is missing', '`nightshift kernels` lists them');
  return {
    kernel: kernelReference(kernel),
    ...(shape !== undefined && { shape }),
    ...(dtype !== undefined && { dtype }),
    target: targetFrom(flags),
  };
}

/** Throws InputError for `--beyond-compiler` on a target that no compiler limits, and `--compiled` on one that clang knows no processor of. */
export function targetFrom(flags: Flags<keyof typeof targetOption>): TargetReference {
  const given = targetReference(flags.text('target') ?? DEFAULT_TARGET);
  const reference = flags.isOn('beyond-compiler') ? beyondReference(given) : given;
  return flags.isOn('compiled') ? withCompiledCode(reference) : reference;
}

/** The same, resolved; tells the user what was assumed. Throws InputError for unknown names. */
export async function kernelOnTarget(
  flags: Named,
  shape: string | undefined,
  session: Session,
): Promise<ResolvedKernel & KernelOnTarget> {
  const resolved = await resolveSubject(subjectFrom(flags, shape), importsOf(flags, session));
  sayNotes(resolved.notes, flags, session);
  return resolved;
}

/** The kernel alone, resolved. */
export async function namedKernel(
  flags: Flags<'kernel' | 'dtype' | GlobalOption>,
  shape: string | undefined,
  session: Session,
): Promise<ResolvedKernel> {
  const dtype = flags.text('dtype');
  const named = {
    kernel: kernelReference(flags.required('kernel')),
    ...(shape !== undefined && { shape }),
    ...(dtype !== undefined && { dtype }),
  };
  const resolved = await resolveKernel(named, importsOf(flags, session));
  sayNotes(resolved.notes, flags, session);
  return resolved;
}

/** Writes each note to stderr, unless `--quiet`. */
export function sayNotes(notes: readonly string[], flags: Flags<GlobalOption>, session: Session): void {
  if (flags.isOn('quiet')) return;
  for (const note of notes) session.say(`note: ${note}\n`);
}

/** "gelu 1048576 f32 on hexagon-v75" */
export function describeSubject({ kernel, target }: KernelOnTarget): string {
  return `${kernel.name} ${formatShape(kernel.shape)} ${kernel.dtype} on ${target.name}`;
}

/** The command that tunes it, ready to paste: with the kernel and the target as these flags name them, files by their paths. */
export function tuneCommand(
  { kernel }: Pick<KernelOnTarget, 'kernel'>,
  flags: Flags<'kernel' | keyof typeof targetOption>,
): string {
  const words = [
    ...['nightshift', 'tune', flags.text('kernel') ?? kernel.name],
    ...['--shape', formatShape(kernel.shape), '--dtype', kernel.dtype],
    ...['--target', flags.text('target') ?? DEFAULT_TARGET],
    ...(['compiled', 'beyond-compiler'] as const)
      .filter((name) => flags.isOn(name))
      .map((name) => `--${name}`),
  ];
  return words.map(shellWord).join(' ');
}
