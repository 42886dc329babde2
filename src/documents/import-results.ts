import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import type { OwnRecord } from '../importers/own-record.ts';
import type { Stored } from '../importers/store-results.ts';
import { leftOutList } from './parts.ts';

/** `import --format json` of T1, T4 and Kernel Tuner's caches. */
export const importResultsDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    format: z.enum(['t1', 't4', 'kernel-tuner']).describe('The file’s format.'),
    study: z.string(),
    isNew: z.boolean().describe('Whether the store did not have this study.'),
    kernel: z.string(),
    shape: z.string(),
    dtype: z.string(),
    target: z.string(),
    from: z.enum(TARGET_KINDS),
    trials: z.int().nonnegative().describe('Results that were imported.'),
    known: z.int().nonnegative().describe('Results that the study had already.'),
    repeated: z.int().nonnegative().describe('Results that are in the file a second time.'),
    leftOut: leftOutList.describe('What could not be imported, by reason.'),
    notes: z.array(z.string()).readonly().describe('What was assumed where the file leaves it open.'),
  })
  .readonly()
  .meta({ title: 'What nightshift import prints for tuning results' });

export type ImportResultsDocument = z.infer<typeof importResultsDocumentSchema>;

export function importResultsDocument(
  format: ImportResultsDocument['format'],
  { kernel, target }: OwnRecord,
  { studyId, isNew, trials, known, repeated, leftOut }: Stored,
  notes: readonly string[],
): ImportResultsDocument {
  const { name, shape, dtype } = kernel;
  return {
    schemaVersion: 1,
    format,
    study: studyId,
    isNew,
    kernel: name,
    shape,
    dtype,
    target: target.name,
    from: target.kind,
    trials,
    known,
    repeated,
    leftOut,
    notes,
  };
}
