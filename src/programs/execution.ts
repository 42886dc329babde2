import { z } from 'zod';

/** How an execution of the user's program ended. Times in milliseconds. */
export const Execution = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('exited'),
    code: z.number(),
    output: z.string(),
    complaint: z.string(),
    /** The first line on stderr, else on stdout, that names an error; empty if none does. */
    firstError: z.string(),
    elapsedMs: z.number(),
  }),
  z.object({ state: z.literal('killed'), signal: z.string(), complaint: z.string() }),
  z.object({ state: z.literal('unstartable'), complaint: z.string() }),
  z.object({ state: z.literal('timeout') }),
  /** A program that stays gave another number of answers than it was asked for. */
  z.object({ state: z.literal('out of step') }),
  z.object({ state: z.literal('aborted') }),
  /** The system ended the keeper, so the fate of the program is unknown. */
  z.object({ state: z.literal('lost'), complaint: z.string() }),
]);
export type Execution = Readonly<z.infer<typeof Execution>>;
