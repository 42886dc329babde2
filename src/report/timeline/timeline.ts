/** An activity on one track. Times are in µs from the start of the call. */
export type Span = Readonly<{
  what: 'fork-join' | 'compute' | 'copy-in' | 'copy-out' | 'load' | 'store' | 'wait';
  start: number;
  end: number;
  /** The tile's number over all contexts, and the buffer that holds it; absent outside tiles. */
  tile?: number;
  buffer?: number;
}>;

/** A hardware context or a DMA queue. */
export type Track = Readonly<{ name: string; kind: 'context' | 'queue'; spans: readonly Span[] }>;

/** The shown part of one simulated call. */
export type Timeline = Readonly<{
  title: string;
  /** The time of the whole call, in µs. */
  timeUs: number;
  tracks: readonly Track[];
  /** Tiles of the call, and how many of them are shown. */
  tiles: Readonly<{ whole: number; shown: number }>;
}>;

const BUFFERS = Object.freeze(['ping', 'pong', 'third']);

/** "load 12 ping": activity, tile, and, with more than one buffer, the buffer. */
export function spanName({ what, tile, buffer }: Span, buffers: number): string {
  const words = [what, tile, buffers > 1 && buffer !== undefined ? BUFFERS[buffer] : undefined];
  return words.filter((word) => word !== undefined).join(' ');
}

/** Buffers that the shown tiles use. */
export function buffersOf({ tracks }: Timeline): number {
  return 1 + Math.max(0, ...tracks.flatMap(({ spans }) => spans.map(({ buffer }) => buffer ?? 0)));
}
