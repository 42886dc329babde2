import { z } from 'zod';
import type { StudySummary } from '../../store/study-store.ts';
import type { LiveStudy } from '../daemon/live.ts';
import { studyEntry, studyEntryOf } from '../documents/lists.ts';
import { orUnknown, timeUs } from '../documents/parts.ts';

const progress = z
  .strictObject({
    trials: z.int().nonnegative().describe('Settled trials of this visit.'),
    of: z.int().nullable().describe('Trials that its budget allows; null without such a limit.'),
    files: z.int().nullable().describe('Left to compile; null while nothing is compiled.'),
    leftMs: z
      .number()
      .nullable()
      .describe(
        'Milliseconds until the visit ends, with its final comparison; null where unknown: it is paused, or shares the machine with other studies.',
      ),
    fastestUs: orUnknown(timeUs).describe('The fastest trial of the search so far.'),
    rounds: z.int().nullable().describe('Of the final comparison, done so far; null while it searches.'),
    trouble: z.string().nullable().describe('What hinders it at the moment, such as a full disk.'),
  })
  .readonly();

export const studyAnswer = studyEntry
  .extend({
    createdAt: z.string().describe('ISO 8601, UTC.'),
    progress: progress.nullable().describe('Of the current visit; null without one.'),
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
