import { z } from 'zod';
import { TARGET_KINDS } from '../../store/records.ts';
import { configuration, timeUs } from '../documents/parts.ts';
import type { Exporter, TunedTarget } from './_base.ts';
import { fileWord } from './names.ts';

/** `export --format json`. */
export const exportDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    target: z
      .strictObject({
        name: z.string(),
        fingerprint: z.string().describe('Changes whenever results would.'),
        from: z.enum(TARGET_KINDS).describe('Where the times come from.'),
      })
      .readonly(),
    kernels: z
      .array(
        z
          .strictObject({
            kernel: z.string(),
            dtype: z.string(),
            shapes: z
              .array(
                z
                  .strictObject({
                    shape: z.string(),
                    kernelHash: z.string(),
                    configuration,
                    timeUs,
                    basis: z
                      .enum(['comparison', 'trial'])
                      .describe('comparison: recommended by a final comparison; trial: the fastest so far.'),
                    study: z.string(),
                    toolVersion: z.string(),
                  })
                  .readonly(),
              )
              .readonly(),
            otherShapes: z
              .strictObject({
                configuration,
                how: z.enum(['robust', 'default']),
                worstRegret: z
                  .number()
                  .nullable()
                  .describe('Time over the best time, at the listed shape where it is worst.'),
              })
              .readonly()
              .describe('What to use at a shape that is not listed.'),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly()
  .meta({ title: 'What nightshift export --format json writes' });

type ExportDocument = z.infer<typeof exportDocumentSchema>;

/** One self-describing document. */
export const json: Exporter = Object.freeze<Exporter>({
  name: 'json',
  summary: 'one document a target, with its schema in docs/schema/export.json',
  export: async (tuned) => ({
    files: [
      {
        name: `${fileWord(tuned.target.name)}.json`,
        text: `${JSON.stringify(documentOf(tuned), null, 2)}\n`,
      },
    ],
    notes: [],
  }),
});

function documentOf({ target, kernels }: TunedTarget): ExportDocument {
  return {
    schemaVersion: 1,
    target: { name: target.name, fingerprint: target.fingerprint, from: target.kind },
    kernels: kernels.map(({ name, dtype, shapes, fallback }) => ({
      kernel: name,
      dtype,
      shapes: shapes.map(({ kernel, best }) => ({
        shape: kernel.shape,
        kernelHash: kernel.hash,
        configuration: best.configuration,
        timeUs: best.timeUs,
        basis: best.basis,
        study: best.studyId,
        toolVersion: best.toolVersion,
      })),
      otherShapes:
        fallback.kind === 'default'
          ? { configuration: fallback.configuration, how: 'default', worstRegret: null }
          : {
              configuration: fallback.choice.configuration,
              how: 'robust',
              worstRegret: fallback.choice.worst,
            },
    })),
  };
}
