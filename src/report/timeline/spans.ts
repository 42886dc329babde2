import type { Span, Timeline } from '../../answers/timeline.ts';

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
