import { z } from 'zod';
import type { JsonObject, PlannedStudy } from '../../store/records.ts';
import type { PlannedSpec } from '../ask/planned-studies.ts';
import { studySpecSchema } from '../ask/study-spec.ts';

/** What the store keeps for a planned study beside the study itself. */
const taskSchema = z.strictObject({
  spec: studySpecSchema,
  /** Keys in the order of a stored budget: an open visit is found by its budget's text. */
  budget: z.strictObject({
    trials: z.number().exactOptional(),
    forMs: z.number().exactOptional(),
    until: z.number().exactOptional(),
    stall: z.strictObject({ gain: z.number(), trials: z.number() }).exactOptional(),
  }),
  priority: z.number(),
  calls: z.number(),
  verify: z.strictObject({ by: z.number(), forMs: z.number() }).exactOptional(),
  /** Settled trials of the study when the plan was submitted. */
  trialsBefore: z.number(),
});
export type PlannedTask = z.infer<typeof taskSchema>;

export function taskDocument(planned: PlannedSpec, trialsBefore: number): JsonObject {
  return JSON.parse(JSON.stringify({ ...planned, trialsBefore }));
}

/** Throws ZodError if the stored task has another shape. */
export function readTask({ task }: PlannedStudy): PlannedTask {
  return taskSchema.parse(task);
}
