import { z } from 'zod';
import type { Content, Expected } from '../../../checking/expected.ts';
import type { Placement } from './pool.ts';

/** What the tuner's process and its runner say to each other. */
export type RunnerSetup = Readonly<{
  pages: number;
  scratch: readonly number[];
  operands: readonly (readonly number[])[];
  workers: number;
  contents: readonly Content[];
  expected: readonly Expected[];
}>;

export type RunnerQuestion =
  | Readonly<{ kind: 'setup'; setup: RunnerSetup }>
  | Readonly<{ kind: 'load'; placement: Placement }>
  | Readonly<{ kind: 'verify' | 'sample' | 'forget'; id: number }>
  | Readonly<{ kind: 'read'; operand: number }>
  | Readonly<{ kind: 'limits'; bytes: Uint8Array<ArrayBuffer> }>;

export type RunnerRequest = RunnerQuestion & Readonly<{ sequence: number }>;

const bytes = z.instanceof(Uint8Array);

/** Parsed where it arrives: the runner's process is also the variants'. */
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

export type RunnerAnswer = z.infer<typeof RunnerResponse>['answer'];
