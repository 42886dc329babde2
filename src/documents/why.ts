import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import type { Why } from '../answers/why/why.ts';
import { configurationSchema, gainFigure, orUnknown, type StudyReference, study, timeUs } from './parts.ts';

const value = z.union([z.number(), z.string(), z.boolean()]);
const how = z
  .enum(['measured', 'simulated', 'predicted'])
  .describe('predicted: by a model of the study’s own times, where no trial timed an end of the step.');

const step = z
  .strictObject({
    changes: z
      .array(z.strictObject({ parameter: z.string(), from: value, to: value }).readonly())
      .readonly()
      .describe('One parameter, or several that cannot change alone, or only at a loss.'),
    timeUs: orUnknown(timeUs).describe(
      'After the step; of a measured study on the scale of its trials: see comparedTimes.',
    ),
    gain: orUnknown(z.number().positive()).describe('The time before the step over the time after.'),
    how,
    causes: z
      .array(z.strictObject({ what: z.string(), changeUs: z.number() }).readonly())
      .readonly()
      .describe(
        'Of a simulated step: by how much each part of the time grows or, below 0, falls; the most first.',
      ),
  })
  .readonly();

const limit = z
  .strictObject({
    what: z.string().describe('"vector units", "memory bandwidth", or what most of the time is spent on.'),
    share: z.number().min(0).max(1).describe('Of the call.'),
    isBusy: z.boolean().describe('Whether a part of the machine is busy, and no time is lost.'),
    leastUs: timeUs.describe('No configuration takes less.'),
    leastFor: z.enum(['operations', 'bytes']).describe('What takes that long.'),
  })
  .readonly();

const roof = z.discriminatedUnion('kind', [
  z
    .strictObject({
      name: z.string(),
      kind: z.literal('bandwidth'),
      gigabytes: z.number().positive().describe('GB/s.'),
    })
    .readonly(),
  z
    .strictObject({
      name: z.string(),
      kind: z.literal('compute'),
      gops: z.number().positive().describe('10⁹ arithmetic operations a second, in the kernel’s mix.'),
    })
    .readonly(),
]);

const roofline = z
  .strictObject({
    intensity: z.number().positive().describe('Arithmetic operations for a byte, if each is moved once.'),
    roofs: z.array(roof).readonly(),
    points: z
      .array(
        z
          .strictObject({
            rung: z.string(),
            timeUs,
            intensity: z.number().positive().describe('For a byte that the configuration moves.'),
            gops: z.number().positive(),
          })
          .readonly(),
      )
      .readonly()
      .describe('The ladder’s rungs, scalar first.'),
  })
  .readonly();

/** `why --format json`. */
export const whyDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    study,
    from: z.enum(TARGET_KINDS).describe('From what kind of target the times are.'),
    default: configurationSchema,
    use: configurationSchema.nullable().describe('Null if nothing was timed.'),
    gainOverDefault: gainFigure.describe('Of the configuration to use, by the final comparison.'),
    way: orUnknown(
      z
        .strictObject({
          startUs: timeUs.describe('Of the default.'),
          startHow: how,
          steps: z.array(step).readonly(),
          comparedTimes: z
            .number()
            .positive()
            .nullable()
            .describe(
              'By what times are multiplied that only the final comparison measured, so that the default takes as long there as in its trial; null where there are none.',
            ),
        })
        .readonly(),
    ).describe('From the default to the configuration to use, the change that gains most first.'),
    limit: orUnknown(limit).describe('What comes next.'),
    roofline: orUnknown(roofline),
  })
  .readonly()
  .meta({ title: 'What nightshift why prints' });

export type WhyDocument = z.infer<typeof whyDocumentSchema>;

export function whyDocument(
  reference: StudyReference,
  preferred: WhyDocument['default'],
  findings: Findings,
  why: Why,
): WhyDocument {
  const use = findings.best?.configuration ?? null;
  const { gainOverDefault } = findings;
  return { schemaVersion: 1, study: reference, default: preferred, use, gainOverDefault, ...why };
}
