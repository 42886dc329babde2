import { isKnown, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import { formatTimeUs, type TimeUnit, timeUnitFor } from '../../text/time-text.ts';

type BestFigure = OrUnknown<Readonly<{ timeUs: number }>>;

/** One unit for the best times of a list. */
export function bestUnit(bests: readonly BestFigure[]): TimeUnit {
  return timeUnitFor(bests.flatMap((best) => (isKnown(best) ? [best.timeUs] : [])));
}

/** A best time in a list: "3,234 µs"; "not tried" and the like where it is unknown. */
export function bestText(best: BestFigure, unit: TimeUnit): string {
  return isKnown(best) ? formatTimeUs(best.timeUs, unit) : best.unknown;
}

/** Why a best time is unknown, for a column of its own; empty where it is known. */
export function bestReason(best: BestFigure): string {
  return isKnown(best) ? '' : `${best.unknown}: ${best.why}`;
}
