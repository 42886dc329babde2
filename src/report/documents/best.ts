import { z } from 'zod';
import type { StoredBest, TargetKind } from '../../../store/records.ts';
import type { Provenance } from '../../../tuner/backend.ts';
import { configuration, provenance, timeUs } from './parts.ts';

/** `best --format json`. */
export const bestDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    kernel: z.string(),
    shape: z.string(),
    dtype: z.string(),
    target: z.string(),
    configuration,
    timeUs,
    provenance,
    basis: z
      .enum(['comparison', 'trial'])
      .describe(
        'comparison: recommended by a final comparison; trial: the fastest trial so far, perhaps luck.',
      ),
    study: z.string(),
    measuredAt: z.string().describe('ISO 8601, UTC.'),
    toolVersion: z.string(),
  })
  .readonly()
  .meta({ title: 'What nightshift best prints' });

export type BestDocument = z.infer<typeof bestDocumentSchema>;

const FROM: Readonly<Record<TargetKind, Provenance>> = Object.freeze({
  simulator: 'simulator',
  wasm: 'wasm',
  device: 'device',
  replay: 'replay',
});

export function bestDocument(best: StoredBest): BestDocument {
  return {
    schemaVersion: 1,
    kernel: best.kernel.name,
    shape: best.kernel.shape,
    dtype: best.kernel.dtype,
    target: best.target.name,
    configuration: best.configuration,
    timeUs: best.timeUs,
    provenance: { how: 'observed', from: FROM[best.target.kind] },
    basis: best.basis,
    study: best.studyId,
    measuredAt: new Date(best.measuredAt).toISOString(),
    toolVersion: best.toolVersion,
  };
}
