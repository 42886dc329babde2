import { unknown } from '../../../tuner/attribution/gain.ts';
import type { LogRow, LogSpan } from '../../importers/device-log/log-row.ts';
import { BusyShares } from '../busy-shares.ts';
import type { Span, Timeline, Track } from '../timeline.ts';

type Tracked = Readonly<{ name: string; kind: Track['kind']; spans: readonly Span[] }>;

/**
 * A call of a device as its log tells it, shown until `untilUs`. Each thread is a track, and so are its transfers: one is
 * in flight until its thread takes it. Where the log has the whole time only, there is one track, of which nothing is told.
 */
export function deviceTimeline(
  { place, trace }: LogRow,
  timeUs: number,
  title: string,
  untilUs = Number.POSITIVE_INFINITY,
): Timeline {
  const shownUs = Math.min(timeUs, untilUs);
  const spans = trace?.spans ?? [];
  const tracks = spans.length === 0 ? [untold(place, timeUs)] : tracksOf(spans, timeUs);
  const isAllTold = trace?.tells === 'all';
  return {
    title,
    timeUs,
    shownUs,
    tiles: unknown('not told', 'a log of a device tells nothing of tiles'),
    tracks: tracks.map((track) => ({
      ...track,
      ...busyOf(track, timeUs, isAllTold),
      spans: track.spans
        .filter(({ start }) => start < shownUs)
        .map((span) => ({ ...span, end: Math.min(span.end, shownUs) })),
    })),
  };
}

function untold(place: string, timeUs: number): Tracked {
  return { name: 'device', kind: 'context', spans: [{ what: 'untold', name: place, start: 0, end: timeUs }] };
}

function tracksOf(spans: readonly LogSpan[], timeUs: number): readonly Tracked[] {
  const threads = [...new Set(spans.map(({ thread }) => thread))].sort((a, b) => a - b);
  const of = (thread: number, isTransfer: boolean): readonly Span[] =>
    spans
      .filter((span) => span.thread === thread && (span.what === 'transfer') === isTransfer)
      .map(({ what, name, start, end }) => ({
        what: what === 'other' ? ('untold' as const) : what,
        name,
        start: start * timeUs,
        end: end * timeUs,
      }))
      .sort((a, b) => a.start - b.start);
  const contexts = threads.map((thread) => ({
    name: `thread ${thread}`,
    kind: 'context' as const,
    spans: of(thread, false),
  }));
  const queues = threads.map((thread) => ({
    name: `DMA of thread ${thread}`,
    kind: 'queue' as const,
    spans: joined(of(thread, true)),
  }));
  return [...contexts, ...queues].filter((track) => track.spans.length > 0);
}

/** Transfers that are in flight at the same time, as one: what each of them waits for is not told. */
function joined(spans: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last === undefined || span.start > last.end) found.push(span);
    else found[found.length - 1] = { ...last, end: Math.max(last.end, span.end) };
  }
  return found;
}

function busyOf(
  { kind, spans }: Tracked,
  timeUs: number,
  isAllTold: boolean,
): Pick<Track, 'busy' | 'busyParts' | 'computingParts'> {
  if (!isAllTold)
    return {
      busy: unknown('not told', 'the log does not tell all of the call'),
      busyParts: new Float64Array(),
      computingParts: new Float64Array(),
    };
  const shares = new BusyShares(timeUs);
  const track = kind === 'context' ? 'thread' : 'queue';
  for (const { what, start, end } of spans)
    shares.add({
      track,
      index: 0,
      thread: 0,
      tile: 0,
      buffer: 0,
      start,
      end,
      what: what === 'compute' ? 'compute' : what === 'transfer' ? 'load' : 'wait',
    });
  const [{ busy, busyParts, computingParts }] = shares.tracks();
  return { busy, busyParts, computingParts };
}
