import type { Timeline, Track } from '../timeline.ts';

/** What the time of a call consists of, as far as a timeline shows it. */
export const CALL_TERMS = Object.freeze(['compute', 'DMA', 'waiting', 'fork-join'] as const);
export type CallTerm = (typeof CALL_TERMS)[number];

type Piece = Readonly<{ start: number; end: number }>;

const IDLE: ReadonlySet<string> = new Set(['wait', 'fork-join', 'allocate', 'untold']);

/**
 * The terms of a call that is shown whole, in µs, the mean over `threads` contexts; they add up to its time. A context
 * computes; or else a transfer is in flight (DMA); or else it is before its first work or after its last (fork-join); or
 * else it waits, or copies. A thread without work waits for those that have some. The same is counted of a simulated call
 * and of a device's, over as many threads, so that the two can be compared.
 */
export function callTerms(timeline: Timeline, threads: number): Readonly<Record<CallTerm, number>> {
  const { timeUs, tracks } = timeline;
  const flights = united(tracks.filter(({ kind }) => kind === 'queue').flatMap(({ spans }) => spans));
  const contexts = workingOf(timeline);
  const sum = { compute: 0, DMA: 0, waiting: 0, 'fork-join': 0 };
  for (const { spans } of contexts) {
    const computing = united(spans.filter(({ what }) => what === 'compute'));
    const work = spans.filter(isWork);
    const first = work.reduce((least, { start }) => Math.min(least, start), timeUs);
    const last = work.reduce((most, { end }) => Math.max(most, end), 0);
    const compute = lengthOf(computing);
    const busy = lengthOf(united([...computing, ...flights]));
    const between = lengthOf(united([...computing, ...flights, { start: first, end: last }]));
    sum.compute += compute / threads;
    sum.DMA += (busy - compute) / threads;
    sum.waiting += (between - busy) / threads;
    sum['fork-join'] += (timeUs - between) / threads;
  }
  const idle = Math.max(0, threads - contexts.length);
  sum.DMA += (idle * lengthOf(flights)) / threads;
  sum.waiting += (idle * (timeUs - lengthOf(flights))) / threads;
  return sum;
}

/** How many contexts of a timeline do work. */
export function workingThreads(timeline: Timeline): number {
  return workingOf(timeline).length;
}

function workingOf({ tracks }: Timeline): readonly Track[] {
  return tracks.filter(({ kind, spans }) => kind === 'context' && spans.some(isWork));
}

function isWork({ what }: Track['spans'][number]): boolean {
  return !IDLE.has(what);
}

/** The same times without overlaps, in order. */
function united(pieces: readonly Piece[]): readonly Piece[] {
  const found: { start: number; end: number }[] = [];
  for (const { start, end } of [...pieces].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last === undefined || start > last.end) found.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return found;
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { start, end }) => sum + end - start, 0);
}
