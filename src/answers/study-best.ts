import type { StoredBest } from '../../store/records.ts';
import type { StudySummary } from '../../store/study-store.ts';
import { type OrUnknown, unknown } from '../../tuner/attribution/gain.ts';
import { isFailure } from '../text/state-words.ts';

/** What the final comparison says of what a study recommends, µs; null before one. */
export function comparedUs({ best }: Pick<StudySummary, 'best'>): number | null {
  return best?.basis === 'comparison' ? best.timeUs : null;
}

/**
 * What a study recommends, or before a comparison its fastest trial; unknown where nothing was timed. They are timed in
 * different ways: documents tell their times apart, as `comparedUs` and `fastestUs`.
 */
export function bestFigure({
  best,
  settled,
  disturbed,
  lastVisit,
}: Pick<StudySummary, 'best' | 'settled' | 'disturbed' | 'lastVisit'>): OrUnknown<StoredBest> {
  if (best !== undefined) return best;
  if (settled === 0) return unknown('not tried', 'the study has no trial yet');
  const tried = settled === 1 ? 'its only trial' : `each of its ${settled} trials`;
  const hasFailed = lastVisit?.state === 'ended' && isFailure(lastVisit.stoppedBy);
  return settled === disturbed && !hasFailed
    ? unknown('disturbed', `${tried} was disturbed`)
    : unknown('failed', `${tried} failed`);
}
