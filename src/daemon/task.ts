import { z } from 'zod';
import type { CatalogStore } from '../../store/catalog-store.ts';
import type { JsonObject, PlannedStudy } from '../../store/records.ts';
import type { StudyStore } from '../../store/study-store.ts';
import { parseKernel } from '../kernels/json.ts';
import type { Planned } from './expand-plan.ts';
import type { StudyTask } from './messages.ts';

const value = z.union([z.number(), z.string(), z.boolean()]);

/** What the store keeps of a planned study beside the study itself. */
const taskDocument = z.strictObject({
  target: z.string(),
  values: z.record(z.string(), z.array(value)),
  start: z.array(z.record(z.string(), value)),
  /** Keys in the order in which a stored budget has them: an open visit is known by its budget's text. */
  budget: z.strictObject({
    trials: z.number().exactOptional(),
    forMs: z.number().exactOptional(),
    until: z.number().exactOptional(),
    stall: z.strictObject({ gain: z.number(), trials: z.number() }).exactOptional(),
  }),
  priority: z.number(),
  calls: z.number(),
  /** Settled trials of the study when the plan was submitted. */
  trialsBefore: z.number(),
});
export type TaskDocument = z.infer<typeof taskDocument>;

export function taskDocumentOf(planned: Planned, trialsBefore: number): JsonObject {
  const { request, targetReference, budget, priority, calls } = planned;
  const values = Object.entries(request.values).map(([name, allowed]) => [name, [...allowed]]);
  return {
    target: targetReference,
    values: Object.fromEntries(values),
    start: [...request.start],
    budget: { ...budget },
    priority,
    calls,
    trialsBefore,
  };
}

export function readTask({ task }: PlannedStudy): TaskDocument {
  return taskDocument.parse(task);
}

/** The same study again, from the store alone. Throws where it holds no kernel that can be run. */
export async function studyTask(planned: PlannedStudy, store: CatalogStore & StudyStore): Promise<StudyTask> {
  const { target, values, start, budget } = readTask(planned);
  const study = await store.study(planned.studyId);
  const kernel = study && (await store.kernel(study.kernelHash));
  const record = study && (await store.target(study.targetFingerprint));
  if (!study || !kernel || !record || kernel.ir === null) {
    throw new Error(`study ${planned.studyId} is not whole in the store`);
  }
  return {
    studyId: study.id,
    kernel: { ...parseKernel(kernel.ir), name: kernel.name },
    kernelSource: kernel.source,
    target: { reference: target, kind: record.kind, fingerprint: record.fingerprint },
    spaceHash: study.spaceHash,
    strategy: study.strategy,
    seed: study.seed,
    values,
    start,
    budget,
  };
}
