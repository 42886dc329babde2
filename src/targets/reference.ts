import { z } from 'zod';

/**
 * How a target is named: by a known name or by a target file's content, never by a path. `local` is a
 * device or a table that only the process with the user's command line can use.
 */
export const targetReferenceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('named'),
      name: z.string().min(1).max(200).describe('As `nightshift targets` lists them.'),
    }),
    z.strictObject({
      kind: z.literal('machine'),
      source: z.string().max(4096).describe('Where it came from: shown, never opened.'),
      machine: z.json().describe('A target file’s content (docs/targets.md).'),
    }),
    z.strictObject({ kind: z.literal('local'), name: z.string().min(1).max(200) }),
  ])
  .readonly();

export type TargetReference = z.infer<typeof targetReferenceSchema>;
