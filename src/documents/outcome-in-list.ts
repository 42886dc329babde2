import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FindingStore } from '../../store/finding-store.ts';
import { type GainFigure, unknown } from '../../tuner/attribution/gain.ts';
import { parseOutcome } from './findings.ts';

const NOT_ENDED = unknown('not tried', 'no visit to the study has ended yet');

/** What a list says of a study's findings. */
export type StudyOutcomeInList = Readonly<{
  gain: GainFigure;
  /** What most trials said, where none could be timed. */
  failure?: string;
}>;

/** What the list of studies says of a study beyond the API's entry. */
export async function outcomeInList(id: string, store: FindingStore): Promise<StudyOutcomeInList> {
  const outcome = parseOutcome(await store.findings(id));
  // Hundreds in one turn would keep other requests waiting.
  await nextTurn();
  if (outcome === undefined) return { gain: NOT_ENDED };
  const [failure] = outcome.best === null ? outcome.warnings : [];
  return { gain: outcome.gainOverDefault, ...(failure !== undefined && { failure }) };
}
