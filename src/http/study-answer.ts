import { z } from 'zod';
import type { StudySummary } from '../../store/study-store.ts';
import type { LiveStudy } from '../daemon/live.ts';
import { studyEntry, studyEntryOf } from '../documents/lists.ts';
import { timeUs } from '../documents/parts.ts';

const progress = z
  .strictObject({
    trials: z.int().nonnegative().describe('Settled trials of this visit.'),
    of: z.int().nullable().describe('Trials that its budget allows; null where it does not count them.'),
    leftMs: z.number().nullable().describe('By the limit that comes first.'),
    bestUs: timeUs.nullable(),
    trouble: z.string().nullable().describe('Why nothing comes of it at the moment, such as a full disk.'),
  })
  .readonly();

export const studyAnswer = studyEntry
  .extend({
    createdAt: z.string().describe('ISO 8601, UTC.'),
    progress: progress.nullable().describe('Of the visit that is being made; null where there is none.'),
  })
  .readonly();

export function studyAnswerOf(
  summary: StudySummary,
  live: LiveStudy | undefined,
): z.infer<typeof studyAnswer> {
  return {
    ...studyEntryOf(summary),
    createdAt: new Date(summary.study.createdAt).toISOString(),
    progress: live ?? null,
  };
}
