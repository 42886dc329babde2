import { z } from 'zod';
import type { KernelDescription } from '../kernels/describe.ts';
import { formatShape } from '../kernels/shape.ts';
import { type NestsDocument, nestsDocumentSchema } from './nests.ts';

const count = z.number().nonnegative();

/** `kernel show --format json`. */
export const kernelDocumentSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    name: z.string(),
    hash: z.string().describe('Of IR, shape and dtype; not of the name.'),
    shape: z.string(),
    dtype: z.string(),
    source: z.string().describe('library, or the file it came from.'),
    listing: z.array(z.string()).readonly().describe('The IR, a line each.'),
    opMix: z.record(z.string(), count).readonly().describe('Operations by class, in the whole kernel.'),
    arithmeticOps: count,
    bytesMoved: count.describe('Every operand’s footprint once.'),
    intensity: count.describe('Arithmetic operations per byte.'),
    nest: nestsDocumentSchema.nullable().describe('With --nest: the loops of a configuration on a target.'),
  })
  .readonly()
  .meta({ title: 'What nightshift kernel show prints' });

export type KernelDocument = z.infer<typeof kernelDocumentSchema>;

export function kernelDocument(
  kernel: KernelDescription,
  source: string,
  nest: NestsDocument | null = null,
): KernelDocument {
  const { name, hash, shape, dtype, listing, opMix, arithmeticOps, bytesMoved, intensity } = kernel;
  return {
    schemaVersion: 1,
    name,
    hash,
    shape: formatShape(shape),
    dtype,
    source,
    listing,
    opMix: { ...opMix },
    arithmeticOps,
    bytesMoved,
    intensity,
    nest,
  };
}
