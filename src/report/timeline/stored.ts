import { type StoredCall, simulatedCall } from '../../answers/stored-call.ts';
import { timelineOf } from '../../answers/timeline.ts';
import { SHOWN_TILES, twoCalls } from '../../answers/two-calls.ts';
import { twoCallsSentence } from '../words/two-calls.ts';
import { timelineSvg, timelinesSvg } from './svg.ts';

/** A call with the name that tells it from another. */
export type NamedCall = StoredCall & Readonly<{ name: string }>;

/** Simulated calls as markup, and of two what the second does otherwise. */
export type DrawnCalls = Readonly<{ svg: string; sentence: string | null }>;

/** One call, or two on one axis of time; null if a target is not a simulated machine, or has changed since. */
export function drawnCalls(first: NamedCall, second: NamedCall | null): DrawnCalls | null {
  if (second === null) {
    const found = simulatedCall(first);
    if (found === undefined) return null;
    const timeline = timelineOf(found.kernel, found.machine, first.configuration, SHOWN_TILES);
    return { svg: timelineSvg(timeline), sentence: null };
  }
  const both = twoCalls(first, second);
  if (both === undefined) return null;
  const shown = [first, second].map(({ name }, place) => ({ name, timeline: both.timelines[place] }));
  return { svg: timelinesSvg(shown), sentence: twoCallsSentence(first.name, second.name, both) };
}
