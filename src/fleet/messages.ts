import { z } from 'zod';
import type { JsonObject } from '../../store/records.ts';
import { spaceDefinition } from '../../store/tables/shapes.ts';
import { TARGET_KINDS } from '../../store/target-kinds.ts';
import { INVALID_REASONS } from '../../store/trial.ts';
import { studySpecSchema } from '../ask/study-spec.ts';

/**
 * What daemon and workers write to each other: values only. What a worker executes is on its own command
 * line, and both sides parse what they read.
 */

/** The most samples of a job: more than the finalists of a comparison, whose round is one job. */
export const MOST_SAMPLES = 256;

const name = z.string().min(1).max(1000);
const message = z.string().max(10_000);
const value = z.union([z.number(), z.string().max(1000), z.boolean()]);
const configuration = z.record(name, value).readonly();
const figures = z.record(name, z.number().nonnegative()).readonly();

export const deviceNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** The job by an id of our own, which is the same if it is handed out again; the lease is of one handing-out. */
const leased = { id: name, lease: z.int().positive() };

/** What a device is asked: about a study's space, or for samples of its configurations. */
export const deviceJobSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('open'), ...leased, spec: studySpecSchema }),
    z.strictObject({
      kind: z.literal('measure'),
      ...leased,
      study: name,
      spec: studySpecSchema,
      samples: z
        .array(z.strictObject({ configuration, round: z.int().nonnegative() }).readonly())
        .nonempty()
        .max(MOST_SAMPLES)
        .readonly(),
    }),
  ])
  .readonly();
export type DeviceJob = z.infer<typeof deviceJobSchema>;
export type SampleAsked = Extract<DeviceJob, { kind: 'measure' }>['samples'][number];

/** A sample, or why the configuration could not be made ready for one. */
export const measuredSchema = z
  .discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('timed'),
      timeUs: z.number().nonnegative(),
      phases: figures.exactOptional(),
      metrics: figures.exactOptional(),
    }),
    z.strictObject({ state: z.literal('dropped'), message: message.exactOptional() }),
    z.strictObject({ state: z.enum(['invalid', 'unready']), reason: z.enum(INVALID_REASONS), message }),
  ])
  .readonly();
export type MeasuredSample = z.infer<typeof measuredSchema>;

export const answerSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('opened'),
      ...leased,
      space: spaceDefinition,
      default: configuration,
      /** Of an exact clock, the number of its rounds; null for a noisy one. */
      rounds: z.int().positive().nullable(),
      batchSize: z.int().positive(),
    }),
    z.strictObject({ kind: z.literal('measured'), ...leased, measured: z.array(measuredSchema).readonly() }),
    z.strictObject({ kind: z.literal('refused'), ...leased, message }),
  ])
  .readonly();
export type Answer = z.infer<typeof answerSchema>;

const opaqueKernel = z
  .strictObject({
    kind: z.literal('opaque'),
    name,
    shape: z.array(z.int().positive()).readonly(),
    dtype: name,
  })
  .readonly();

/** What a worker proves its device to be. Devices of one fingerprint may measure for one study. */
export const identitySchema = z
  .strictObject({
    target: z
      .strictObject({
        name,
        kind: z.enum(TARGET_KINDS),
        fingerprint: name,
        features: z.record(name, z.number()).readonly(),
        description: z.custom<JsonObject>((read) => z.record(z.string(), z.json()).safeParse(read).success),
      })
      .readonly(),
    metrics: z.union([z.literal('any'), z.array(name).readonly()]).nullable(),
    /** The one kernel that its program runs; null where it runs ours. */
    kernel: opaqueKernel.nullable(),
  })
  .readonly();
export type DeviceIdentity = z.infer<typeof identitySchema>;

/** A worker's claim on its device, renewed with each beat. */
export const presenceSchema = z
  .strictObject({
    /** Of the worker: another one is another claim. */
    instance: name,
    host: name,
    version: name,
    identity: identitySchema,
    /** Milliseconds since 1970. */
    since: z.number(),
    /** The study that it measures, and since when; null while it waits. */
    work: z.strictObject({ study: name, since: z.number() }).nullable(),
  })
  .readonly();
export type Presence = z.infer<typeof presenceSchema>;

/** What a device has measured, and how long that took, whoever was its worker. */
export const deviceTotalsSchema = z
  .strictObject({ samples: z.int().nonnegative(), busyMs: z.number().nonnegative() })
  .readonly();
export type DeviceTotals = z.infer<typeof deviceTotalsSchema>;
