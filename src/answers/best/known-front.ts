import { z } from 'zod';
import type { StoredFindings } from '../../../store/records.ts';
import type { FoundFront } from '../../../tuner/objectives/found-front.ts';

const configuration = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).readonly();

const member = z
  .strictObject({
    configuration: configuration.describe('A value for each parameter.'),
    timeUs: z.number().positive().describe('Microseconds.'),
    metrics: z
      .record(z.string(), z.number().nonnegative())
      .readonly()
      .describe('What was measured besides the time, by name.'),
    basis: z
      .enum(['comparison', 'trial'])
      .describe('Whether the values come from the final comparison, or from the trial.'),
  })
  .readonly();

/** A Pareto front as documents have it. */
export const frontSchema: z.ZodType<FoundFront> = z
  .strictObject({
    objectives: z.array(z.string()).readonly().describe('What is to be small: time, or names of metrics.'),
    limits: z.array(z.string()).readonly().describe('What all members keep: "energyJ<=2".'),
    default: member
      .nullable()
      .describe('What is used today; null where it has no values that keep the limits.'),
    members: z.array(member).readonly().describe('The Pareto optima, the best in the first objective first.'),
  })
  .readonly();

const withFront = z.looseObject({ front: frontSchema.optional() });

/** The front of a study's findings; undefined where it has none. */
export function knownFront(stored: StoredFindings | undefined): FoundFront | undefined {
  return withFront.safeParse(stored?.document ?? {}).data?.front;
}
