import { z } from 'zod';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import type { Compared, ComparedRow } from '../answers/compare/compare.ts';
import type { Entry } from '../answers/compare/side.ts';
import { configurationSchema, gainFigure, restrictedTo, timeUs } from './parts.ts';

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
    restrictedTo,
    toolVersion: z.string(),
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
      .describe('Rows whose change is unknown, so that --fail-above cannot be decided.'),
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

function rowPart({ before, after, change, changed, isWorse }: ComparedRow): CompareDocument['rows'][number] {
  return {
    ...questionPart(after),
    from: after.best.target.kind,
    before: sidePart(before),
    after: sidePart(after),
    change,
    changed,
    isWorse,
  };
}

function questionPart({ best: { kernel, target } }: Entry) {
  const { name, hash, shape, dtype } = kernel;
  return { kernel: name, kernelHash: hash, shape, dtype, target: target.name };
}

function sidePart({ best: { studyId, timeUs, configuration, toolVersion }, restrictedTo }: Entry) {
  return { study: studyId, timeUs, configuration, restrictedTo, toolVersion };
}
