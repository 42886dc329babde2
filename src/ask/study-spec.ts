import { z } from 'zod';
import { strategies } from '../../tuner/strategies/registry.ts';
import { targetReferenceSchema } from '../targets/reference.ts';
import { kernelReferenceSchema } from './kernel-reference.ts';

const name = z.string().min(1).max(200);
const value = z.union([z.number(), z.string().max(1000), z.boolean()]);

/** What is tuned for where nobody says. */
export const DEFAULT_TARGET = 'hexagon-v75';

/** Compilers whose options are known, so that a study can keep to what they can express. */
export const COMPILERS = Object.freeze(['hexagon-mlir'] as const);

export const startSchema = z
  .array(z.record(name, value))
  .max(10_000)
  .readonly()
  .describe('Configurations known to be good: tried first.');

export const heldSchema = z
  .record(name, z.array(value).nonempty().max(10_000).readonly())
  .readonly()
  .describe('Parameters that may only take these values; a single one fixes a parameter.');

/**
 * A study as somebody asks for it, whether by flags, in a plan or over HTTP. It names what it means and
 * holds no object of ours, so it crosses to a thread and into the store as it is, and is resolved once,
 * where the work is done.
 */
export const studySpecSchema = z
  .strictObject({
    kernel: kernelReferenceSchema,
    shape: z.string().max(200).exactOptional().describe('1048576, 2^20 or 64x16384; else the kernel’s own.'),
    dtype: name.exactOptional().describe('f32, f16 …; the kernel’s first if absent.'),
    target: targetReferenceSchema,
    strategy: name.default(strategies[0].name),
    seed: z.int().nonnegative().default(1),
    values: heldSchema.default({}),
    expressible: z
      .enum(COMPILERS)
      .exactOptional()
      .describe('Only what the options of this compiler can say.'),
    start: startSchema.default([]),
  })
  .readonly();

export type StudySpec = z.infer<typeof studySpecSchema>;

/** What a kernel on a target is called. */
export type Subject = Pick<StudySpec, 'kernel' | 'shape' | 'dtype' | 'target'>;
