import { z } from 'zod';
import type { ExactPart } from '../../search-space/constraint-costs.ts';
import { MECHANISMS } from '../../search-space/parameter.ts';
import { restrictionText } from '../../search-space/restriction-text.ts';
import type { SpaceDescription } from '../answers/space.ts';
import { configurationSchema, study } from './parts.ts';

const value = z.union([z.number(), z.string(), z.boolean()]);

const count = z
  .string()
  .regex(/^\d+$/)
  .describe('A whole number as text, since it may be greater than 2^53.');

const removed = z
  .strictObject({ count, of: count, share: z.number().min(0).max(1).describe('count / of') })
  .readonly();

/** The subject of a space: a file, or a kernel on a target. */
const subject = z
  .strictObject({ name: z.string(), shape: z.string(), dtype: z.string(), target: z.string().nullable() })
  .readonly()
  .describe('Shape and dtype are empty, and target is null, for a space file.');

/** `space --format json`, and `tune --dry-run --format json`. */
export const spaceDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    subject,
    restrictedTo: z.string().describe('What steering left of the space; empty for all of it.'),
    size: z.int().positive().describe('The exact number of configurations.'),
    combinations: count.describe(
      'All combinations of values, whether allowed or not; a whole number as text.',
    ),
    parameters: z
      .array(
        z
          .strictObject({
            name: z.string(),
            kind: z.enum(['ordinal', 'categorical', 'flag']),
            mechanism: z.enum(MECHANISMS).nullable().describe('Null for a parameter of the schedule.'),
            values: z.array(value).readonly(),
            off: value.nullable().describe('Its value where its mechanism is not permitted.'),
            description: z.string().nullable(),
          })
          .readonly(),
      )
      .readonly(),
    constraints: z
      .array(
        z
          .strictObject({
            sentence: z.string(),
            alone: removed.nullable().describe('Of all combinations, as if it were the only constraint.'),
            ofTheRest: removed.nullable().describe('Of what all other constraints leave.'),
          })
          .readonly(),
      )
      .readonly()
      .describe(
        'What each constraint removes; null where counting takes too much work, and ofTheRest of a table.',
      ),
    default: z
      .strictObject({
        configuration: configurationSchema,
        isMember: z.boolean().describe('False where steering excludes it.'),
      })
      .readonly(),
    members: z.array(configurationSchema).readonly().describe('A few, spread over the space.'),
    study: z
      .strictObject({
        ...study.unwrap().pick({ id: true, strategy: true, seed: true }).shape,
        isKnown: z.boolean().describe('Whether the store has this study.'),
        trials: z.int().nonnegative().describe('Settled trials that the store has of it.'),
      })
      .readonly()
      .nullable()
      .describe('With tune --dry-run: the study that would be visited.'),
  })
  .readonly()
  .meta({ title: 'What nightshift space and nightshift tune --dry-run print' });

export type SpaceDocument = z.infer<typeof spaceDocumentSchema>;

export function spaceDocument(
  about: SpaceDocument['subject'],
  { space, combinations, costs, default: preferred, members }: SpaceDescription,
  ofStudy: SpaceDocument['study'] = null,
): SpaceDocument {
  return {
    schemaVersion: 1,
    subject: about,
    restrictedTo: restrictionText(space),
    size: space.size,
    combinations: String(combinations),
    parameters: space.parameters.map(({ name, kind, tag, values, off, description }) => ({
      name,
      kind,
      mechanism: tag === 'schedule' ? null : tag,
      values,
      off: off ?? null,
      description: description ?? null,
    })),
    constraints: costs.map(({ sentence, alone, ofTheRest }) => ({
      sentence,
      alone: partOf(alone),
      ofTheRest: partOf(ofTheRest),
    })),
    default: preferred,
    members,
    study: ofStudy,
  };
}

function partOf(part: ExactPart | null): z.infer<typeof removed> | null {
  if (part === null) return null;
  return { count: String(part.count), of: String(part.of), share: ratio(part) };
}

/** The greatest count that float64 holds has 1024 bits. */
const MOST_BITS = 1000;

function ratio({ count: some, of }: ExactPart): number {
  const excess = BigInt(Math.max(0, 4 * of.toString(16).length - MOST_BITS));
  return Number(some >> excess) / Number(of >> excess);
}
