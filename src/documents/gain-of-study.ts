import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { FindingStore } from '../../store/finding-store.ts';
import { type GainFigure, unknown } from '../../tuner/attribution/gain.ts';
import { findingsSchema } from './findings.ts';

/** The only part of the findings that a list of hundreds needs. */
const gainOnly = z.object(findingsSchema.unwrap().pick({ gainOverDefault: true }).shape);
const NOT_ENDED = unknown('not tried', 'no visit to the study has ended yet');

/** What the list of studies says of a study beyond the API's entry. */
export async function gainOfStudy(id: string, store: FindingStore): Promise<GainFigure> {
  const document = (await store.findings(id))?.document ?? null;
  // Hundreds in one turn would keep other requests waiting.
  await nextTurn();
  return document === null ? NOT_ENDED : gainOnly.parse(document).gainOverDefault;
}
