import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { configurationSchema, timeUs } from './parts.ts';

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
                    configuration: configurationSchema,
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
                configuration: configurationSchema,
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

export type ExportDocument = z.infer<typeof exportDocumentSchema>;
