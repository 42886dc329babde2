import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { DeviceTrace } from '../../answers/device-trace/against-device.ts';
import type { Timeline } from '../../answers/timeline.ts';
import type { TwoCalls } from '../../answers/two-calls.ts';
import { formatTimeUs } from '../../text/time-text.ts';
import { buffersOf, spanName } from './spans.ts';

/** Process ids group the tracks: contexts above, the matrix unit below them, queues last; those of a second call come after. */
const PROCESSES = Object.freeze({ context: 1, unit: 2, queue: 3 });
const PROCESSES_OF_CALL = 3;
const PROCESS_NAMES = Object.freeze({
  context: 'hardware contexts',
  unit: 'matrix unit',
  queue: 'DMA queues',
});

/**
 * A timeline as Chrome's trace events, which Perfetto opens (ts and dur in µs).
 * Format: "Trace Event Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.
 */
export function chromeTrace(timeline: Timeline) {
  return { displayTimeUnit: 'ns', otherData: figuresOf(timeline), traceEvents: eventsOf(timeline, '', 0) };
}

/** Two calls in one trace, whose tracks have the calls' names. */
export function chromeTraceOfTwo(
  first: string,
  second: string,
  { timelines: [a, b] }: Pick<TwoCalls, 'timelines'>,
) {
  return {
    displayTimeUnit: 'ns',
    otherData: { [first]: figuresOf(a), [second]: figuresOf(b) },
    traceEvents: [...eventsOf(a, `${first}: `, 0), ...eventsOf(b, `${second}: `, PROCESSES_OF_CALL)],
  };
}

/** A device's call and its simulation, with their terms beside the tracks. */
export function chromeTraceOfDevice(first: string, second: string, trace: DeviceTrace) {
  const { otherData, ...events } = chromeTraceOfTwo(first, second, trace);
  const { place, timings, terms, untold } = trace;
  return { ...events, otherData: { ...otherData, place, timings, terms, untold } };
}

function figuresOf({ title, timeUs, tiles, tracks }: Timeline) {
  const busy = Object.fromEntries(tracks.map(({ name, busy }) => [name, busy]));
  return {
    title: `${title}: ${formatTimeUs(timeUs)}`,
    timeUs,
    ...(isKnown(tiles) && { tiles: tiles.whole, tilesShown: tiles.shown }),
    busy,
  };
}

function eventsOf(timeline: Timeline, call: string, firstProcess: number) {
  const buffers = buffersOf(timeline);
  return [
    ...[...new Set(timeline.tracks.map(({ kind }) => kind))].map((kind) => ({
      ph: 'M',
      name: 'process_name',
      pid: firstProcess + PROCESSES[kind],
      tid: 0,
      args: { name: call + PROCESS_NAMES[kind] },
    })),
    ...timeline.tracks.flatMap(({ name, kind, spans }, tid) => {
      const pid = firstProcess + PROCESSES[kind];
      return [
        { ph: 'M', name: 'thread_name', pid, tid, args: { name } },
        { ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: tid } },
        ...spans.map((span) => ({
          ph: 'X',
          name: spanName(span, buffers),
          cat: span.what,
          pid,
          tid,
          ts: span.start,
          dur: span.end - span.start,
          args: { tile: span.tile, buffer: span.buffer },
        })),
      ];
    }),
  ];
}
