import { z } from 'zod';
import type { ImportedKernel } from '../../store/records.ts';

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
              .describe('How often a model’s wrapper calls it; null if unknown.'),
            variants: z
              .int()
              .nonnegative()
              .nullable()
              .describe(
                'How many compiled variants of a cache are this kernel; 0 for a library’s matrix product, null for a single file.',
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
      .describe('Kernels of a cache that could not be imported.'),
    notes: z
      .array(z.string())
      .readonly()
      .describe(
        'What was assumed where the file and the command do not say, and which kernels are here already under another name.',
      ),
  })
  .readonly()
  .meta({ title: 'What nightshift import prints' });

export type ImportDocument = z.infer<typeof importDocumentSchema>;

/** An imported kernel, with how often a model calls it and the number of its compiled variants. */
export type KernelImport = Omit<ImportedKernel, 'importedAt'> & Readonly<{ variants: number | null }>;

export function importDocument(
  imported: readonly KernelImport[],
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
