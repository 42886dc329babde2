import { type ResolvedKernel, resolveKernel } from '../ask/resolve-kernel.ts';
import type { Flags } from './flags.ts';
import type { GlobalOption } from './options/global.ts';
import type { Session } from './session.ts';
import { importsOf } from './stores.ts';

/**
 * The kernel that a command's flags name, at their shape or at one that the command knows; says what
 * was assumed where its file leaves something open. Throws InputError for what there is not.
 */
export async function namedKernel(
  flags: Flags<'kernel' | 'dtype' | GlobalOption>,
  shape: string | undefined,
  session: Session,
): Promise<ResolvedKernel> {
  const reference = { name: flags.required('kernel'), shape, dtype: flags.text('dtype') };
  const resolved = await resolveKernel(reference, importsOf(flags, session));
  sayNotes(resolved.notes, flags, session);
  return resolved;
}

/** On stderr, a line each, unless nobody wants to hear. */
export function sayNotes(notes: readonly string[], flags: Flags<GlobalOption>, session: Session): void {
  if (flags.isOn('quiet')) return;
  for (const note of notes) session.say(`note: ${note}\n`);
}
