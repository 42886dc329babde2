import { z } from 'zod';

/** Inductor names a kernel after every op that it fused. */
const name = z.string().min(1).max(1000);
const source = z.string().max(4096).describe('Where it came from: kept and shown, never opened.');

/**
 * What somebody calls a kernel, as content: a path means nothing here. Whoever may read files reads them
 * first, and says what stood in them.
 */
export const kernelReferenceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('named'),
      name: name.describe('Of the library, or the name that a kernel was imported under.'),
    }),
    z.strictObject({ kind: z.literal('ttir'), name, source, text: z.string().describe('Triton IR.') }),
    z.strictObject({
      kind: z.literal('ir'),
      name,
      source,
      ir: z.string().describe('JSON, as `nightshift kernel show --format json` prints it: one shape.'),
    }),
    z.strictObject({ kind: z.literal('opaque'), name: name.describe('What the device behind it runs.') }),
  ])
  .readonly();

export type KernelReference = z.infer<typeof kernelReferenceSchema>;
