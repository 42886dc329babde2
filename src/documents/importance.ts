import { z } from 'zod';
import { TARGET_KINDS, type TargetKind } from '../../store/target-kinds.ts';
import type { Importance } from '../../tuner/attribution/importance.ts';
import { type StudyReference, study } from './parts.ts';

const share = z
  .number()
  .min(0)
  .max(1)
  .describe('Of the variance of ln(time) over all combinations of values.');

/** `importance --format json`. */
export const importanceDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    study,
    from: z.enum(TARGET_KINDS).describe('From what kind of target the times are.'),
    trials: z.int().positive().describe('Timed trials that the model was fitted to.'),
    fit: z
      .number()
      .max(1)
      .describe('R² of ln(time) of trials that the model had not seen; 0 is no better than the mean.'),
    parameters: z
      .array(z.strictObject({ name: z.string(), share }).readonly())
      .readonly()
      .describe('What each parameter explains by itself; the most important first.'),
    interactions: z
      .array(z.strictObject({ names: z.tuple([z.string(), z.string()]).readonly(), share }).readonly())
      .readonly()
      .describe('The main pairs: what two explain together, beyond each by itself.'),
    idle: z
      .array(z.string())
      .readonly()
      .describe('Parameters that changed nothing in the compiled code: none of the shares is theirs.'),
  })
  .readonly()
  .meta({ title: 'What nightshift importance prints' });

export type ImportanceDocument = z.infer<typeof importanceDocumentSchema>;

export function importanceDocument(
  reference: StudyReference,
  from: TargetKind,
  { trials, fit, parameters, interactions, idle }: Importance,
): ImportanceDocument {
  return { schemaVersion: 1, study: reference, from, trials, fit, parameters, interactions, idle };
}
