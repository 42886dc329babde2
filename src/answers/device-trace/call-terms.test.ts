import { describe, expect, it } from 'vitest';
import { unknown } from '../../../tuner/attribution/gain.ts';
import type { Span, Timeline, Track } from '../timeline.ts';
import { callTerms, workingThreads } from './call-terms.ts';

const untold = unknown('not told', 'a test');

function track(kind: Track['kind'], spans: readonly Span[]): Track {
  const [busyParts, computingParts] = [new Float64Array(), new Float64Array()];
  return { name: 'a track', kind, spans, busy: untold, busyParts, computingParts };
}

function timeline(...tracks: readonly Track[]): Timeline {
  return { title: 'a call', timeUs: 100, shownUs: 100, tiles: untold, tracks };
}

const span = (what: Span['what'], start: number, end: number): Span => ({ what, name: what, start, end });

describe('the terms of a call', () => {
  const busy = track('context', [span('compute', 10, 90)]);
  const idle = track('context', [span('wait', 0, 100)]);
  const queue = track('queue', [span('load', 0, 20)]);

  it('are means over as many threads on both sides, whatever of them are idle', () => {
    const one = timeline(busy, idle, queue);
    const two = timeline(busy, busy, queue);
    expect([workingThreads(one), workingThreads(two)]).toEqual([1, 2]);
    expect(callTerms(two, 2)).toEqual({ compute: 80, DMA: 10, waiting: 0, 'fork-join': 10 });
    // The idle one: 20 µs of a transfer, and 80 of waiting for the other.
    expect(callTerms(one, 2)).toEqual({ compute: 40, DMA: 15, waiting: 40, 'fork-join': 5 });
  });

  it('add up to its time', () => {
    for (const threads of [1, 2, 4]) {
      const sum = Object.values(callTerms(timeline(busy, queue), threads)).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(100, 9);
    }
  });
});
