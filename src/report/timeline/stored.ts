import { type StoredCall, simulatedCall } from '../../answers/stored-call.ts';
import { timelineOf } from '../../answers/timeline.ts';
import { timelineSvg } from './svg.ts';

/** The most tiles of a timeline. */
const TILES = 24;

/** The timeline as markup; null if the target is not a simulated machine, or has changed since. */
export function storedTimelineSvg(call: StoredCall): string | null {
  const found = simulatedCall(call);
  if (found === undefined) return null;
  return timelineSvg(timelineOf(found.kernel, found.machine, call.configuration, TILES));
}
