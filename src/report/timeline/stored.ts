import { type StoredCall, simulatedCall } from '../../answers/stored-call.ts';
import { timelineOf } from '../../answers/timeline.ts';
import { SHOWN_TILES, twoCalls } from '../../answers/two-calls.ts';
import { twoCallsSentence } from '../words/two-calls.ts';
import { timelineSvg, twoCallsSvg } from './svg.ts';

/** A call with the name that tells it from another. */
export type NamedCall = StoredCall & Readonly<{ name: string }>;

/** Simulated calls as markup, and of two what the second does otherwise. */
export type DrawnCalls = Readonly<{ svg: string; sentence: string | null }>;

/** One call, or two on one axis of time; null if a target is not a simulated machine, or has changed since. */
export function drawnCalls(first: NamedCall, second: NamedCall | null): DrawnCalls | null {
  const one = simulatedCall(first);
  const other = second && simulatedCall(second);
  if (one === undefined || other === undefined) return null;
  const { configuration } = first;
  if (other === null || second === null) {
    const timeline = timelineOf(one.kernel, one.machine, configuration, { tiles: SHOWN_TILES });
    return { svg: timelineSvg(timeline), sentence: null };
  }
  const both = twoCalls({ ...one, configuration }, { ...other, configuration: second.configuration });
  return {
    svg: twoCallsSvg(first.name, second.name, both),
    sentence: twoCallsSentence(first.name, second.name, both),
  };
}
