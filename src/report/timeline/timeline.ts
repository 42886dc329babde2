/** Something that took time, on one track. Times in µs from the start of the call. */
export type Span = Readonly<{
  what: 'fork-join' | 'compute' | 'copy-in' | 'copy-out' | 'load' | 'store' | 'wait';
  start: number;
  end: number;
  /** Numbered over all contexts, and the buffer that holds it; absent outside tiles. */
  tile?: number;
  buffer?: number;
}>;

/** A hardware context or a DMA queue. */
export type Track = Readonly<{ name: string; kind: 'context' | 'queue'; spans: readonly Span[] }>;

/** One simulated call, as far as it is shown. */
export type Timeline = Readonly<{
  title: string;
  /** The whole call, in µs. */
  timeUs: number;
  tracks: readonly Track[];
  /** Tiles of the call, and how many of them are shown. */
  tiles: Readonly<{ whole: number; shown: number }>;
}>;

const BUFFERS = Object.freeze(['ping', 'pong', 'third']);

/** "load 12 ping": what, which tile, and where two buffers are told apart. */
export function spanName({ what, tile, buffer }: Span, buffers: number): string {
  const words = [what, tile, buffers > 1 && buffer !== undefined ? BUFFERS[buffer] : undefined];
  return words.filter((word) => word !== undefined).join(' ');
}

/** Buffers that the shown tiles use. */
export function buffersOf({ tracks }: Timeline): number {
  return 1 + Math.max(0, ...tracks.flatMap(({ spans }) => spans.map(({ buffer }) => buffer ?? 0)));
}
