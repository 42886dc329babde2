import type { Configuration, Value } from '../../search-space/parameter.ts';
import { callParts } from '../targets/npu/simulator/call-parts.ts';
import { type StoredCall, simulatedCall } from './stored-call.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { causesOf } from './why/simulated-way.ts';

/** Two simulated calls side by side: what differs between them, and on what the second spends more or less. */
export type TwoCalls = Readonly<{
  timelines: readonly [Timeline, Timeline];
  changes: readonly Readonly<{ parameter: string; from: Value | undefined; to: Value | undefined }>[];
  /** µs; the most first. */
  causes: readonly Readonly<{ what: string; changeUs: number }>[];
}>;

/** The most tiles of a call that are shown one by one. */
export const SHOWN_TILES = 24;
/** Of the call with the shorter tiles, so many times as many. */
const MOST_TIMES = 5;
/** A smaller part of the time is not worth a word. */
const LEAST_SHARE = 0.02;

/** Both are shown until the same time. Undefined if one can no longer be simulated. */
export function twoCalls(first: StoredCall, second: StoredCall): TwoCalls | undefined {
  const [a, b] = [first, second].map((call) => {
    const found = simulatedCall(call);
    return found && { ...found, configuration: call.configuration };
  });
  if (a === undefined || b === undefined) return undefined;
  const shownOf = ({ kernel, machine, configuration }: typeof a, leastUs: number): Timeline =>
    timelineOf(kernel, machine, configuration, SHOWN_TILES, leastUs);
  const shown = [shownOf(a, 0).shownUs, shownOf(b, 0).shownUs];
  const untilUs = Math.min(Math.max(...shown), MOST_TIMES * Math.min(...shown));
  const timelines = [shownOf(a, untilUs), shownOf(b, untilUs)] as const;
  const parts = [a, b].map(({ kernel, machine, configuration }) => callParts(kernel, machine, configuration));
  const longest = Math.max(...timelines.map(({ timeUs }) => timeUs));
  return {
    timelines,
    changes: changesOf(first.configuration, second.configuration),
    causes: causesOf(parts[0], parts[1], LEAST_SHARE * longest),
  };
}

function changesOf(before: Configuration, after: Configuration): TwoCalls['changes'] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((parameter) => before[parameter] !== after[parameter])
    .map((parameter) => ({ parameter, from: before[parameter], to: after[parameter] }));
}
