import type { Configuration, Value } from '../../search-space/parameter.ts';
import type { Kernel } from '../kernels/ir.ts';
import type { SimulatedTarget } from '../targets/npu/machine/schema.ts';
import { callParts } from '../targets/npu/simulator/call-parts.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { causesOf } from './why/simulated-way.ts';

/** A kernel in a configuration on a simulated machine. */
export type MachineCall = Readonly<{
  kernel: Kernel;
  machine: SimulatedTarget;
  configuration: Configuration;
}>;

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
/** The cut is not before each has begun its work: so many times as late as the first tile begins. */
const AFTER_FIRST = 1.25;
/** A smaller part of the time is not worth a word. */
const LEAST_SHARE = 0.02;

/**
 * Both are shown until the same time: until so many tiles of each have begun, or of the one whose tiles are
 * much longer. Work of each is in the shown part.
 */
export function twoCalls(a: MachineCall, b: MachineCall, mostTiles = SHOWN_TILES): TwoCalls {
  const shownOf = (
    { kernel, machine, configuration }: MachineCall,
    until: Parameters<typeof timelineOf>[3],
  ): Timeline => timelineOf(kernel, machine, configuration, until);
  const alone = [a, b].map((call) => shownOf(call, { tiles: mostTiles }));
  const shown = alone.map(({ shownUs }) => shownUs);
  const us = Math.max(
    Math.min(Math.max(...shown), MOST_TIMES * Math.min(...shown)),
    AFTER_FIRST * Math.max(...alone.map(firstWorkUs)),
  );
  const timelines = [shownOf(a, { us }), shownOf(b, { us })] as const;
  const parts = [a, b].map(({ kernel, machine, configuration }) => callParts(kernel, machine, configuration));
  const longest = Math.max(...timelines.map(({ timeUs }) => timeUs));
  return {
    timelines,
    changes: changesOf(a.configuration, b.configuration),
    causes: causesOf(parts[0], parts[1], LEAST_SHARE * longest),
  };
}

function firstWorkUs({ tracks }: Timeline): number {
  const begins = tracks.flatMap(({ spans }) =>
    spans.flatMap(({ tile, start }) => (tile === undefined ? [] : start)),
  );
  return Math.min(...begins);
}

function changesOf(before: Configuration, after: Configuration): TwoCalls['changes'] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((parameter) => before[parameter] !== after[parameter])
    .map((parameter) => ({ parameter, from: before[parameter], to: after[parameter] }));
}
