import { z } from 'zod';
import type { KernelRecord } from '../../store/records.ts';

/** `import --format json`. */
export const importDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    imported: z
      .array(
        z
          .strictObject({
            name: z.string(),
            hash: z.string(),
            shape: z.string(),
            dtype: z.string(),
            source: z.string().describe('The file it came from.'),
            calls: z
              .int()
              .nonnegative()
              .nullable()
              .describe('How often a model’s wrapper calls it; null where nothing tells.'),
            variants: z
              .int()
              .nonnegative()
              .nullable()
              .describe(
                'How many texts of a cache are it; 0 for a library’s matrix product, null for a single file.',
              ),
          })
          .readonly(),
      )
      .readonly(),
    refused: z
      .array(
        z.strictObject({ name: z.string(), calls: z.int().nonnegative(), reason: z.string() }).readonly(),
      )
      .readonly()
      .describe('What is in a cache but could not be imported.'),
    notes: z
      .array(z.string())
      .readonly()
      .describe('What was assumed or chosen where a single file or the command leaves it open.'),
  })
  .readonly()
  .meta({ title: 'What nightshift import prints' });

export type ImportDocument = z.infer<typeof importDocumentSchema>;

/** A kernel that was imported, how often a model calls it, and how many of its texts are it. */
export type Imported = Readonly<{ kernel: KernelRecord; calls: number | null; variants: number | null }>;

export function importDocument(
  imported: readonly Imported[],
  refused: ImportDocument['refused'],
  notes: ImportDocument['notes'],
): ImportDocument {
  return {
    schemaVersion: 1,
    imported: imported.map(({ kernel: { name, hash, shape, dtype, source }, calls, variants }) => ({
      name,
      hash,
      shape,
      dtype,
      source,
      calls,
      variants,
    })),
    refused,
    notes,
  };
}
