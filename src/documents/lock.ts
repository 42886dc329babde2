import { z } from 'zod';
import type { JsonObject } from '../../store/records.ts';
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

const facts: z.ZodType<JsonObject> = z.record(z.string(), z.json()).readonly();

const entry = z
  .strictObject({
    device: z.string().describe('The target’s name.'),
    compiler: z
      .string()
      .describe('The compiler or firmware that the device’s description names; empty if it names none.'),
    kernel: z.string(),
    dtype: z.string(),
    shape: z.string().describe('"64x16384"; "*" for any shape that has no entry.'),
    source: z
      .string()
      .nullable()
      .describe('The hash of the kernel’s IR; null for a kernel that only the device’s program knows.'),
    options: facts.describe('How the kernel was run there.'),
    configuration: configurationSchema,
    withoutChoice: z
      .array(z.string())
      .readonly()
      .describe('Parameters that the other values fix, such as a tile where nothing is staged.'),
    timeUs: orUnknown(timeUs).describe('Unknown for "*".'),
    interval: orUnknown(interval).describe('Of timeUs.'),
    intervalFrom,
    objective: objective.exactOptional(),
    metrics: metrics.exactOptional(),
    provenance: z
      .strictObject({
        how: z.string().describe('"measured", "simulated", and so on: where times come from.'),
        basis: z
          .enum(['comparison', 'trial', 'robust', 'default'])
          .describe(
            'comparison: recommended by a final comparison; trial: the fastest so far; robust: the least worst-case regret over the shapes; default: what was in use.',
          ),
        study: z.string().nullable(),
        visit: z.int().nullable().describe('The last visit to the study.'),
        restrictedTo: z
          .string()
          .describe('What --fix, --values and --forbid left of the space; empty for all of it.'),
        toolVersion: z.string().nullable(),
        verified: verified.exactOptional(),
      })
      .readonly(),
    fingerprint: z.string().describe('The device for which it holds; it is one of `devices`.'),
  })
  .readonly();

/** `export --format lock`. */
export const lockDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    devices: z
      .array(
        z
          .strictObject({
            fingerprint: z.string(),
            name: z.string(),
            kind: z.enum(TARGET_KINDS),
            description: facts,
          })
          .readonly(),
      )
      .readonly(),
    entries: z.array(entry).readonly().describe('Each is one line of the file.'),
  })
  .readonly()
  .meta({ title: 'What nightshift export --format lock writes' });

export type LockDocument = z.infer<typeof lockDocumentSchema>;
export type LockEntry = z.infer<typeof entry>;

const difference = z
  .strictObject({
    field: z.enum(['device', 'compiler', 'source', 'options', 'fingerprint']).describe('Of the entry.'),
    what: z.string().describe('The part of it: "machine.clockGHz".'),
    was: z.string().describe('In the lock file.'),
    is: z.string().describe('Today.'),
  })
  .readonly();

/** `lock check --format json`. */
export const lockCheckDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    usable: z.int().describe('How many entries still hold.'),
    entries: z
      .array(
        z
          .strictObject({
            device: z.string(),
            kernel: z.string(),
            dtype: z.string(),
            shape: z.string(),
            state: z
              .enum(['usable', 'changed', 'unknown'])
              .describe('unknown: nothing here knows the device, so nothing was compared.'),
            differences: z.array(difference).readonly(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly()
  .meta({ title: 'What nightshift lock check prints' });

export type LockCheckDocument = z.infer<typeof lockCheckDocumentSchema>;
export type CheckedEntry = LockCheckDocument['entries'][number];
export type LockDifference = z.infer<typeof difference>;
