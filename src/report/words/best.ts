import { isKnown, type OrUnknown } from '../../../tuner/attribution/gain.ts';
import { formatTimeUs } from '../../text/time-text.ts';

type BestFigure = OrUnknown<Readonly<{ timeUs: number }>>;

/** A best time in a list: "3,234 µs"; "not tried" and the like where it is unknown. */
export function bestText(best: BestFigure): string {
  return isKnown(best) ? formatTimeUs(best.timeUs) : best.unknown;
}

/** Why a best time is unknown, for a column of its own; empty where it is known. */
export function bestReason(best: BestFigure): string {
  return isKnown(best) ? '' : `${best.unknown}: ${best.why}`;
}
