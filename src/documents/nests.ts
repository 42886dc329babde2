import { z } from 'zod';
import type { Configuration } from '../../search-space/parameter.ts';
import type { NestsDescription } from '../lowering/describe-nests.ts';

const whole = z.int().nonnegative();

const depth = whole.describe('How many loops are around it.');

const line = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('loop'),
      depth,
      name: z.string(),
      extent: whole.describe('Iterations.'),
      step: whole.describe('Iterations at a time: of a tile, in the lanes of a vector, in copies of a body.'),
      roles: z.array(z.enum(['shared', 'tile', 'vector', 'unroll', 'reduce'])).readonly(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal('statement'), depth, text: z.string() }).readonly(),
]);

/** `kernel show --nest --format json`: the loops of a configuration. */
export const nestsDocumentSchema = z
  .strictObject({
    target: z.string(),
    configuration: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).readonly(),
    threads: z
      .strictObject({
        count: whole,
        share: z.array(z.string()).readonly().describe('The loops whose iterations they share.'),
        split: z.string(),
      })
      .readonly(),
    staging: z
      .strictObject({
        how: z.string(),
        buffers: whole,
        operands: z
          .array(
            z
              .strictObject({
                operand: z.string(),
                dtype: z.string().describe('As the loops see it: bytes may be taken four at a time, as i32.'),
                elements: whole,
                bytes: whole.describe('Of one buffer.'),
                offset: whole,
                reads: z.boolean().describe('Copied in.'),
                writes: z.boolean().describe('Copied out.'),
              })
              .readonly(),
          )
          .readonly(),
      })
      .readonly(),
    temporaries: z
      .array(
        z
          .strictObject({
            name: z.string(),
            dtype: z.string(),
            dims: z.array(z.string()).readonly(),
            place: z.enum(['register', 'memory', 'scratch']),
            bytes: whole.nullable(),
            offset: whole.nullable(),
          })
          .readonly(),
      )
      .readonly(),
    scratchBytes: whole.describe(
      "Of one set of tiles: a thread's, or the team's where threads share each tile.",
    ),
    scratchCopies: whole.describe('How many such sets there are.'),
    lines: z.array(line).readonly().describe('In order; what is deeper is inside the loop before it.'),
  })
  .readonly();

export type NestsDocument = z.infer<typeof nestsDocumentSchema>;

export function nestsDocument(
  target: string,
  configuration: Configuration,
  nests: NestsDescription,
): NestsDocument {
  return { target, configuration: { ...configuration }, ...nests };
}
