import { z } from 'zod';

/** What the tuner's process and its runner say to each other. Parsed where it arrives. */
const bytes = z.instanceof(Uint8Array);
const numbers = z.array(z.number());
const dtype = z.enum(['f32', 'f16', 'bf16', 'i32', 'i16', 'i8', 'u8', 'bool']);

/** Stretches of an operand that are checked, with expected values and allowed errors behind each other. */
const expected = z.object({
  operand: z.number(),
  dtype,
  segments: z.array(z.object({ start: z.number(), count: z.number() })).readonly(),
  values: z.instanceof(Float64Array),
  tolerance: z.instanceof(Float64Array),
});

const setup = z.object({
  pages: z.number(),
  scratch: numbers,
  operands: z.array(numbers),
  workers: z.number(),
  /** An operand's bytes, and a block of them that is repeated over it; null for what is only written. */
  contents: z
    .array(z.object({ bytes: z.number(), block: bytes.nullable(), written: z.boolean() }))
    .readonly(),
  expected: z.array(expected).readonly(),
});

const placement = z.object({
  id: z.number(),
  bytes,
  work: z.number(),
  grain: z.number(),
  threads: z.number(),
  chunk: z.number(),
  dma: z.boolean(),
});

export const RunnerRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('setup'), sequence: z.number(), setup }),
  z.object({ kind: z.literal('load'), sequence: z.number(), placement }),
  z.object({ kind: z.literal('verify'), sequence: z.number(), id: z.number() }),
  z.object({ kind: z.literal('read'), sequence: z.number(), operand: z.number() }),
  z.object({ kind: z.literal('sample'), sequence: z.number(), id: z.number() }),
  z.object({ kind: z.literal('forget'), sequence: z.number(), id: z.number() }),
  z.object({ kind: z.literal('limits'), sequence: z.number(), bytes }),
]);

export const RunnerResponse = z.object({
  sequence: z.number(),
  answer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('done') }),
    z.object({ kind: z.literal('hello'), node: z.string(), v8: z.string(), relaxedSimd: z.boolean() }),
    /** Within the tolerance; `digest` tells results apart bit by bit. */
    z.object({ kind: z.literal('right'), digest: z.number() }),
    z.object({ kind: z.literal('wrong'), message: z.string() }),
    z.object({ kind: z.literal('bytes'), bytes }),
    /** `waited` is the greatest share of the sample that a thread spent waiting for a core. */
    z.object({ kind: z.literal('time'), timeUs: z.number(), calls: z.number(), waited: z.number() }),
    z.object({
      kind: z.literal('limits'),
      copyGBs: z.number(),
      triadGBs: z.number(),
      multiplyAddGflops: z.number(),
    }),
    z.object({ kind: z.literal('failed'), what: z.enum(['compile', 'runtime']), message: z.string() }),
  ]),
});

export type RunnerRequest = z.infer<typeof RunnerRequest>;
export type RunnerAnswer = z.infer<typeof RunnerResponse>['answer'];
export type RunnerSetup = z.infer<typeof setup>;
type WithoutSequence<T> = T extends unknown ? Omit<T, 'sequence'> : never;
export type RunnerQuestion = WithoutSequence<RunnerRequest>;
