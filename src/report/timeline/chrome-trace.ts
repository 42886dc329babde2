import type { Timeline } from '../../answers/timeline.ts';
import { buffersOf, spanName } from './spans.ts';

/** Process ids group the tracks: contexts above, queues below. */
const PROCESSES = Object.freeze({ context: 1, queue: 2 });

/**
 * A timeline as Chrome's trace events, which Perfetto opens (ts and dur in µs).
 * Format: "Trace Event Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU.
 */
export function chromeTrace(timeline: Timeline) {
  const buffers = buffersOf(timeline);
  const { title, timeUs, tiles } = timeline;
  return {
    displayTimeUnit: 'ns',
    otherData: {
      title,
      timeUs,
      tiles: tiles.whole,
      tilesShown: tiles.shown,
      busy: Object.fromEntries(timeline.tracks.map(({ name, busy }) => [name, busy])),
    },
    traceEvents: [
      ...Object.entries({ 'hardware contexts': PROCESSES.context, 'DMA queues': PROCESSES.queue }).map(
        ([name, pid]) => ({ ph: 'M', name: 'process_name', pid, tid: 0, args: { name } }),
      ),
      ...timeline.tracks.flatMap(({ name, kind, spans }, tid) => {
        const pid = PROCESSES[kind];
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
    ],
  };
}
