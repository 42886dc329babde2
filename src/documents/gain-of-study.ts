import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FindingStore } from '../../store/finding-store.ts';
import { type GainFigure, unknown } from '../../tuner/attribution/gain.ts';
import { parseOutcome } from './findings.ts';

const NOT_ENDED = unknown('not tried', 'no visit to the study has ended yet');

/** What the list of studies says of a study beyond the API's entry. */
export async function gainOfStudy(id: string, store: FindingStore): Promise<GainFigure> {
  const outcome = parseOutcome(await store.findings(id));
  // Hundreds in one turn would keep other requests waiting.
  await nextTurn();
  return outcome === undefined ? NOT_ENDED : outcome.gainOverDefault;
}
