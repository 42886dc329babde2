import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import { LIMITS } from '../../search-space/limits.ts';
import { strategies } from '../../tuner/strategies/registry.ts';
import { targetReferenceSchema } from '../targets/reference.ts';
import { describeIssue, mainIssue } from '../text/describe-issue.ts';
import { kernelReferenceSchema } from './kernel-reference.ts';

const name = z.string().min(1).max(200);
const value = z.union([z.number(), z.string().max(1000), z.boolean()]);

/** The default target. */
export const DEFAULT_TARGET = 'hexagon-v75';

export const startSchema = z
  .array(z.record(name, value))
  .max(10_000)
  .readonly()
  .describe('Configurations to try first, such as known good ones.');

export const heldSchema = z
  .record(name, z.array(value).nonempty().max(10_000).readonly())
  .readonly()
  .describe('Parameters that may only take these values; a single one fixes a parameter.');

export const forbiddenSchema = z
  .array(z.string().min(1).max(LIMITS.constraint))
  .max(100)
  .readonly()
  .describe(
    'Configurations that may not be tried: "threads == 3", in the grammar of constraints (docs/spaces.md).',
  );

export const objectiveSchema = name.describe(
  'What is to be small: time, a metric that the target reports, or several of them, separated by commas, for their Pareto optima. The time if absent.',
);

export const limitsSchema = z
  .array(name)
  .max(100)
  .readonly()
  .describe('What must be kept: "energyJ <= 2", of the time in microseconds or of a metric.');

export const timeoutSchema = z
  .string()
  .min(1)
  .max(100)
  .describe('What compiling a configuration may take, on a target that compiles: 40s, 10m; else 1m.');

export const waveSchema = z
  .int()
  .min(1)
  .max(1000)
  .describe(
    'How many trials are proposed at once, without learning from each other, as for several devices; else as many as the target takes.',
  );

/**
 * A study as the user asks for it, by flags, in a plan or over HTTP. It is plain data, so it can be sent to
 * a thread and stored; it is resolved once, in the thread that visits the study.
 */
export const studySpecSchema = z
  .strictObject({
    kernel: kernelReferenceSchema,
    shape: z.string().max(200).exactOptional().describe('1048576, 2^20 or 64x16384; else the kernel’s own.'),
    dtype: name.exactOptional().describe('f32, f16 …; the kernel’s first if absent.'),
    target: targetReferenceSchema,
    strategy: name.default(strategies[0].name),
    seed: z.int().nonnegative().default(1),
    wave: waveSchema.exactOptional(),
    objective: objectiveSchema.exactOptional(),
    limits: limitsSchema.exactOptional(),
    values: heldSchema.default({}),
    forbid: forbiddenSchema.default([]),
    start: startSchema.default([]),
    timeout: timeoutSchema.exactOptional(),
  })
  .readonly();

export type StudySpec = z.infer<typeof studySpecSchema>;

/** The study that somebody asks for. Throws InputError with the field that is wrong. */
export function parseStudySpec(asked: object, whole = 'study'): StudySpec {
  const parsed = studySpecSchema.safeParse(asked);
  if (parsed.success) return parsed.data;
  throw new InputError(whole, describeIssue(mainIssue(parsed.error.issues, asked), asked, studySpecSchema));
}

/** A kernel, at a shape and dtype, on a target, by their names. */
export type Subject = Pick<StudySpec, 'kernel' | 'shape' | 'dtype' | 'target'>;
