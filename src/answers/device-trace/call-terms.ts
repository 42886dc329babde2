import type { Timeline, Track } from '../timeline.ts';

/** What the time of a call consists of, as far as a timeline shows it. */
export const CALL_TERMS = Object.freeze(['compute', 'DMA', 'waiting', 'fork-join'] as const);
export type CallTerm = (typeof CALL_TERMS)[number];

type Piece = Readonly<{ start: number; end: number }>;

const IDLE: ReadonlySet<string> = new Set(['wait', 'fork-join', 'untold']);

/**
 * The terms of a call that is shown whole, in µs, the mean over its contexts; they add up to its time. A context computes;
 * or else a transfer is in flight (DMA); or else it is before its first work or after its last (fork-join); or else it
 * waits, or copies. The same is counted of a simulated call and of a device's, so that the two can be compared.
 */
export function callTerms({ timeUs, tracks }: Timeline): Readonly<Record<CallTerm, number>> {
  const flights = united(tracks.filter(({ kind }) => kind === 'queue').flatMap(({ spans }) => spans));
  const contexts = tracks.filter(({ kind, spans }) => kind === 'context' && spans.some(isWork));
  const sum = { compute: 0, DMA: 0, waiting: 0, 'fork-join': 0 };
  for (const { spans } of contexts) {
    const computing = united(spans.filter(({ what }) => what === 'compute'));
    const work = spans.filter(isWork);
    const first = work.reduce((least, { start }) => Math.min(least, start), timeUs);
    const last = work.reduce((most, { end }) => Math.max(most, end), 0);
    const compute = lengthOf(computing);
    const busy = lengthOf(united([...computing, ...flights]));
    const between = lengthOf(united([...computing, ...flights, { start: first, end: last }]));
    sum.compute += compute / contexts.length;
    sum.DMA += (busy - compute) / contexts.length;
    sum.waiting += (between - busy) / contexts.length;
    sum['fork-join'] += (timeUs - between) / contexts.length;
  }
  return sum;
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
