import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { OUTCOMES } from '../../tuner/attribution/difference.ts';
import { configurationSchema, gainFigure, orUnknown, sideBySide, subjectShape, timeUs } from './parts.ts';

const side = z
  .strictObject({
    given: z.string().describe('As it was asked for: assignments, default, or a study.'),
    configuration: configurationSchema,
    timeUs,
  })
  .readonly();

/** `ab --format json`. */
export const abDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    ...subjectShape,
    from: z.enum(TARGET_KINDS).describe('From what kind of target the times are.'),
    isExact: z.boolean().describe('Whether times repeat exactly, so that there is no noise.'),
    a: side,
    b: side,
    gain: gainFigure.describe(
      'T(a) / T(b): above 1 where b is faster; unknown in too few undisturbed rounds. Of exact times the range over the accepted parameter sets, else 95 %.',
    ),
    rounds: z
      .int()
      .positive()
      .describe('Interleaved rounds in which both have a time; parameter sets if exact.'),
    outcome: z
      .enum(OUTCOMES)
      .describe(
        'a or b is faster; equal: exactly the same; unseen: the interval contains 1; unclear: parameter sets disagree.',
      ),
    detectable: orUnknown(z.number().min(1)).describe(
      'The ratio of times that such a comparison shows in four of five cases; not applicable to exact times.',
    ),
    ...sideBySide,
  })
  .readonly()
  .meta({ title: 'What nightshift ab prints' });

export type AbDocument = z.infer<typeof abDocumentSchema>;
