import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { CHANGE_VERDICTS, type Compared, type ComparedRow } from '../answers/compare/compare.ts';
import type { Entry } from '../answers/compare/side.ts';
import { objectivePart } from './findings.ts';
import { configurationSchema, gainFigure, objective, orUnknown, restrictedTo, timeUs } from './parts.ts';

const value = z.union([z.number(), z.string(), z.boolean()]).nullable();

const question = {
  kernel: z.string(),
  kernelHash: z.string().describe('Its identity, with its shape.'),
  shape: z.string(),
  dtype: z.string(),
  target: z.string(),
};

const side = z
  .strictObject({
    study: z.string(),
    timeUs,
    configuration: configurationSchema,
    objective: objective.exactOptional(),
    restrictedTo,
    toolVersion: z.string(),
  })
  .readonly();

const verified = z
  .strictObject({
    verdict: z
      .enum(CHANGE_VERDICTS)
      .describe('Whether after is slower than --fail-above allows, timed anew beside before.'),
    change: orUnknown(z.number().positive()).describe(
      'The median of T(after) / T(before) over these pairs; nominal where times are exact.',
    ),
    timings: z.int().nonnegative(),
    falseClaims: z
      .number()
      .nullable()
      .describe('The largest share of such verdicts that is false; null for exact times.'),
    undecided: z.string().nullable().describe('Why the verdict is unknown; null otherwise.'),
  })
  .readonly();

/** `compare --format json`. */
export const compareDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    failAbove: z.number().nullable().describe('0.05 allows 5 % more time.'),
    failed: z.int().nonnegative().describe('Rows that are slower than that.'),
    unknown: z
      .int()
      .nonnegative()
      .describe(
        'Rows of which it is unknown whether they are slower than that, so that --fail-above cannot be decided.',
      ),
    mismatches: z
      .array(z.string())
      .readonly()
      .describe('Why the two should not be compared; empty unless the comparison was forced.'),
    rows: z
      .array(
        z
          .strictObject({
            ...question,
            from: z.enum(TARGET_KINDS),
            before: side,
            after: side,
            change: gainFigure.describe(
              'Time after over time before: 1.05 is 5 % slower; not applicable where both are the same result.',
            ),
            changed: z
              .array(z.strictObject({ parameter: z.string(), before: value, after: value }).readonly())
              .readonly(),
            isWorse: z.boolean(),
            verified: verified.exactOptional(),
          })
          .readonly(),
      )
      .readonly(),
    onlyBefore: z.array(z.strictObject(question).readonly()).readonly(),
    onlyAfter: z.array(z.strictObject(question).readonly()).readonly(),
  })
  .readonly()
  .meta({ title: 'What nightshift compare prints' });

export type CompareDocument = z.infer<typeof compareDocumentSchema>;

export function compareDocument(compared: Compared, failAbove: number | undefined): CompareDocument {
  return {
    schemaVersion: 1,
    failAbove: failAbove ?? null,
    failed: compared.rows.filter(({ isWorse }) => isWorse).length,
    unknown: compared.rows.filter(({ isUntold }) => isUntold).length,
    mismatches: compared.mismatches,
    rows: compared.rows.map(rowPart),
    onlyBefore: compared.onlyBefore.map(questionPart),
    onlyAfter: compared.onlyAfter.map(questionPart),
  };
}

function rowPart({
  before,
  after,
  change,
  changed,
  isWorse,
  verified,
}: ComparedRow): CompareDocument['rows'][number] {
  return {
    ...questionPart(after),
    from: after.best.target.kind,
    before: sidePart(before),
    after: sidePart(after),
    change,
    changed,
    isWorse,
    ...(verified && { verified }),
  };
}

function questionPart({ best: { kernel, target } }: Entry) {
  const { name, hash, shape, dtype } = kernel;
  return { kernel: name, kernelHash: hash, shape, dtype, target: target.name };
}

function sidePart({ best, restrictedTo }: Entry) {
  const { studyId, objective, timeUs, configuration, toolVersion } = best;
  return { study: studyId, timeUs, configuration, ...objectivePart(objective), restrictedTo, toolVersion };
}
