import { z } from 'zod';
import type { StoredFindings } from '../../store/records.ts';
import type { Findings } from '../../tuner/attribution/findings.ts';
import { gain, gains, rung, study, timedConfiguration, trials } from './parts.ts';

/** What a study found, as the store keeps it. */
export const findingsSchema = z
  .strictObject({
    default: timedConfiguration
      .nullable()
      .describe('What the target’s compiler would choose today; null where it could not be timed.'),
    best: timedConfiguration
      .nullable()
      .describe('What to use: the simplest configuration that cannot be told from the winner.'),
    winner: timedConfiguration.nullable().describe('The fastest; gains are its.'),
    gainOverDefault: gain.nullable(),
    ladder: z.array(rung).readonly().nullable().describe('Tuned: everything else is free on each rung.'),
    ladderFixedTile: z.array(rung).readonly().nullable().describe('One tile and staging on all rungs.'),
    ladderFixedTileReason: z.string().exactOptional().describe('Why ladderFixedTile is null.'),
    environment: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .readonly()
      .exactOptional()
      .describe(
        'The surroundings of the final comparison: load, share of clean samples, warm or cold, limits.',
      ),
    gains: gains.describe('What each mechanism is worth.'),
    trials,
    stoppedBy: z.enum(['trials', 'time', 'deadline', 'stalled', 'exhausted', 'interrupted']),
    warnings: z.array(z.string()).readonly(),
  })
  .readonly();

/** The findings in a store. Throws ZodError for a document that no nightshift wrote. */
export function parseFindings({ document }: StoredFindings): Findings {
  return findingsSchema.parse(document);
}

/** `tune --format json` and `ladder --format json`. */
export const studyDocumentSchema = z
  .strictObject({ schemaVersion: z.literal(1), study, ...findingsSchema.unwrap().shape })
  .readonly()
  .meta({ title: 'What nightshift tune and nightshift ladder print' });

export type StudyDocument = z.infer<typeof studyDocumentSchema>;

export function studyDocument(reference: StudyDocument['study'], findings: Findings): StudyDocument {
  return { schemaVersion: 1, study: reference, ...findings };
}
