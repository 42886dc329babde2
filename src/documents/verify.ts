import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { VERDICTS } from '../../store/verification.ts';
import { configurationSchema, orUnknown, sideBySide, subjectShape, timeUs } from './parts.ts';

/** What is told of a verification beside other findings. */
export const verificationFigures = z.strictObject({
  by: z.number().nonnegative().describe('0.02: faster by more than 2 %.'),
  verdict: z.enum(VERDICTS).describe('Of the best beside the default, timed anew.'),
  timings: z.int().nonnegative(),
  falseClaims: z
    .number()
    .nullable()
    .describe('The most of such claims that are false; null for exact times.'),
});

const side = {
  configuration: configurationSchema,
  timeUs: orUnknown(timeUs).describe('The median of its times in this verification.'),
};

/** `verify --format json`. */
export const verifyDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    study: z.string(),
    ...subjectShape,
    from: z.enum(TARGET_KINDS).describe('From what kind of target the times are.'),
    isExact: z.boolean().describe('Whether times repeat exactly, so that no claim can be false by chance.'),
    winner: z.strictObject(side).readonly().describe('What the study recommends.'),
    against: z
      .strictObject({
        given: z.string().describe('As it was asked for: default, assignments, or a study.'),
        ...side,
      })
      .readonly(),
    by: z.number().nonnegative().describe('0.02: faster by more than 2 %, T(against) / T(winner) > 1.02.'),
    verdict: z.enum(VERDICTS),
    undecided: z.string().nullable().describe('Why the verdict is unknown; null otherwise.'),
    gain: orUnknown(z.number().positive()).describe(
      'The median of T(against) / T(winner) over the pairs; nominal where times are exact.',
    ),
    pairs: z.int().nonnegative().describe('Of both, timed anew; parameter sets where times are exact.'),
    timings: z
      .int()
      .nonnegative()
      .describe(
        'How often either was timed for these, disturbed rounds of a process included; earlier calls count.',
      ),
    falseClaims: z
      .number()
      .nullable()
      .describe(
        'The largest share of such verdicts, each of both kinds, that is false; null for exact times.',
      ),
    ...sideBySide,
  })
  .readonly()
  .meta({ title: 'What nightshift verify prints' });

export type VerifyDocument = z.infer<typeof verifyDocumentSchema>;
