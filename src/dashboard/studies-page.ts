import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { FindingStore } from '../../store/finding-store.ts';
import type { StudyStore, StudySummary } from '../../store/study-store.ts';
import { type GainFigure, unknown } from '../../tuner/attribution/gain.ts';
import { findingsSchema } from '../documents/findings.ts';

/** What the list of studies says of a study beyond the API's entry. Times in µs. */
export type StudyTimes = Readonly<{
  /** The fastest trial, as it was screened; null where nothing has a time. */
  fastestUs: number | null;
  /** The configuration to use, as the final comparison timed it; null before a comparison. */
  comparedUs: number | null;
  gainOverDefault: GainFigure;
}>;

/** The only part of the findings that a list of hundreds needs. */
const gainOnly = z.object(findingsSchema.unwrap().pick({ gainOverDefault: true }).shape);
const NOT_ENDED = unknown('not tried', 'no visit to the study has ended yet');

export async function studyTimes(
  { study, best }: StudySummary,
  store: StudyStore & FindingStore,
): Promise<StudyTimes> {
  const [fastest] = await store.fastest(study.id, 1);
  const document = (await store.findings(study.id))?.document ?? null;
  // Hundreds in one turn would keep other requests waiting.
  await nextTurn();
  return {
    fastestUs: fastest?.timeUs ?? null,
    comparedUs: best?.basis === 'comparison' ? best.timeUs : null,
    gainOverDefault: document === null ? NOT_ENDED : gainOnly.parse(document).gainOverDefault,
  };
}
