import { z } from 'zod';

/** Inductor names a kernel after every op that it fused. */
const name = z.string().min(1).max(1000);
const source = z.string().max(4096).describe('Where it came from: stored and shown, never opened.');

/**
 * How a kernel is named: by a known name or by its content, never by a path. Only the command line reads
 * files, and sends their content.
 */
export const kernelReferenceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('named'),
      name: name.describe('A name from the library, or one that a kernel was imported under.'),
    }),
    z.strictObject({ kind: z.literal('ttir'), name, source, text: z.string().describe('Triton IR.') }),
    z.strictObject({
      kind: z.literal('ir'),
      name,
      source,
      ir: z.string().describe('The IR as JSON, which has one shape.'),
    }),
    z.strictObject({
      kind: z.literal('opaque'),
      name: name.describe('A kernel without IR, which only its own device runs.'),
    }),
  ])
  .readonly();

export type KernelReference = z.infer<typeof kernelReferenceSchema>;

/** Whether commands take a word for a file of Triton IR rather than for a kernel's name. */
export function isKernelPath(word: string): boolean {
  return word.endsWith('.ttir') || hasFolder(word);
}

export function hasFolder(word: string): boolean {
  return /[/\\]/.test(word);
}

/** The name of a kernel that is new here: one that commands would take for a path could never be asked for. */
export const newKernelName = z
  .string()
  .min(1)
  .refine((word) => !isKernelPath(word), {
    error: ({ input }) =>
      `'${input}' would be taken for a path: choose a name without / and \\ that does not end in .ttir`,
  });
