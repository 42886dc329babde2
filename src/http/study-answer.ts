import { z } from 'zod';
import { STUDY_STATES, TARGET_KINDS } from '../../store/records.ts';
import type { StudySummary } from '../../store/trial-store.ts';
import type { LiveStudy } from '../daemon/live.ts';
import { configuration, timeUs } from '../report/documents/parts.ts';

const progress = z
  .strictObject({
    trials: z.int().nonnegative().describe('Settled trials of this visit.'),
    of: z.int().nullable().describe('Trials that its budget allows; null where it does not count them.'),
    leftMs: z.number().nullable().describe('By the limit that comes first.'),
    bestUs: timeUs.nullable(),
  })
  .readonly();

export const studyAnswer = z
  .strictObject({
    id: z.string(),
    kernel: z.string(),
    shape: z.string(),
    dtype: z.string(),
    target: z.string(),
    from: z.enum(TARGET_KINDS),
    strategy: z.string(),
    seed: z.int(),
    state: z.enum(STUDY_STATES),
    trials: z.int().nonnegative().describe('Settled.'),
    timed: z.int().nonnegative(),
    best: z.strictObject({ configuration, timeUs }).readonly().nullable(),
    createdAt: z.string().describe('ISO 8601, UTC.'),
    progress: progress.nullable().describe('Of the visit that is being made; null where there is none.'),
  })
  .readonly();

export function studyAnswerOf(
  { study, kernel, target, settled, timed, best }: StudySummary,
  live: LiveStudy | undefined,
): z.infer<typeof studyAnswer> {
  return {
    id: study.id,
    kernel: kernel.name,
    shape: kernel.shape,
    dtype: kernel.dtype,
    target: target.name,
    from: target.kind,
    strategy: study.strategy,
    seed: study.seed,
    state: study.state,
    trials: settled,
    timed,
    best: best === undefined ? null : { configuration: best.configuration, timeUs: best.timeUs },
    createdAt: new Date(study.createdAt).toISOString(),
    progress: live ?? null,
  };
}
