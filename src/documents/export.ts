import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import {
  configurationSchema,
  interval,
  intervalFrom,
  metrics,
  objective,
  orUnknown,
  timeUs,
  verified,
} from './parts.ts';

const withoutChoice = z
  .array(z.string())
  .readonly()
  .describe('Parameters that the other values fix, such as a tile where nothing is staged.');

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
                    withoutChoice,
                    timeUs,
                    interval: orUnknown(interval).describe('Of timeUs.'),
                    intervalFrom,
                    objective: objective.exactOptional(),
                    metrics: metrics.exactOptional(),
                    basis: z
                      .enum(['comparison', 'trial'])
                      .describe('comparison: recommended by a final comparison; trial: the fastest so far.'),
                    verified: verified.exactOptional(),
                    fingerprint: z
                      .string()
                      .describe('The target’s when this was measured: a device has one for each command.'),
                    study: z.string(),
                    restrictedTo: z
                      .string()
                      .describe(
                        'What --fix, --values and --forbid left of the space: "threads=4"; empty for all of it.',
                      ),
                    toolVersion: z.string(),
                  })
                  .readonly(),
              )
              .readonly(),
            otherShapes: z
              .strictObject({
                configuration: configurationSchema,
                withoutChoice,
                how: z.enum(['robust', 'default']),
                worstRegret: orUnknown(z.number()).describe(
                  'Time over the best time, at the listed shape where it is worst.',
                ),
              })
              .readonly()
              .describe('What to use at a shape that is not listed.'),
          })
          .readonly(),
      )
      .readonly(),
    leftOut: z
      .array(z.string())
      .readonly()
      .describe('A sentence for each result of this target that is not here, with the reason.'),
  })
  .readonly()
  .meta({ title: 'What nightshift export --format json writes' });

export type ExportDocument = z.infer<typeof exportDocumentSchema>;
