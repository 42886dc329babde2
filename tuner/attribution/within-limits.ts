import type { Comparison } from '../../store/comparison.ts';
import { brokenLimit, SHORTEST_TIME, seeksTime } from '../objectives/objective.ts';
import type { Study } from '../study-definition.ts';
import { microseconds } from './gain.ts';

/** A comparison without the times of what is over a limit in it, and the places of that. */
export type WithinLimits = Readonly<{ comparison: Comparison; over: readonly number[] }>;

/**
 * A trial may keep a limit by luck, so the limits of a study that seeks the time are checked again by the medians of
 * its comparison. What breaks one there has no times, as a trial over a limit has none. Exact times and those of the
 * screening are the trials' own.
 */
export function withinLimits(
  { objective = SHORTEST_TIME }: Pick<Study, 'objective'>,
  comparison: Comparison,
): WithinLimits {
  const { kind, variants, roundsUs, metrics, environment } = comparison;
  const isAsked = seeksTime(objective) && objective.limits.length > 0;
  if (!isAsked || kind === 'ensemble' || environment.screeningOnly === true) return { comparison, over: [] };
  const over = variants.flatMap((_, place) => {
    const timeUs = microseconds(comparison, place);
    if (timeUs === null) return [];
    return brokenLimit(objective, { timeUs, metrics: metrics?.[place] ?? {} }) === undefined ? [] : [place];
  });
  const isOver = new Set(over);
  const kept = roundsUs.map((row) => row.map((time, place) => (isOver.has(place) ? null : time)));
  return { comparison: { ...comparison, roundsUs: kept }, over };
}
