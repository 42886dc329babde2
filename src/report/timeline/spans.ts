import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { Span, Timeline, Track } from '../../answers/timeline.ts';

const BUFFERS = Object.freeze(['ping', 'pong', 'third']);

/** "load 12 ping", or "HVX_COMP" of a device's log: activity, tile, and, with more than one buffer, the buffer. */
export function spanName({ what, name, tile, buffer }: Span, buffers: number): string {
  const words = [name ?? what, tile, buffers > 1 && buffer !== undefined ? BUFFERS[buffer] : undefined];
  return words.filter((word) => word !== undefined).join(' ');
}

/** Buffers that the shown tiles use. */
export function buffersOf({ tracks }: Timeline): number {
  return 1 + Math.max(0, ...tracks.flatMap(({ spans }) => spans.map(({ buffer }) => buffer ?? 0)));
}

/** "Busy in the whole call: context 0 93 %, DMA queue 0 41 %.": how busy each track is in the whole call. */
export function busyWords({ tracks }: Timeline): string {
  const words = tracks.map(({ name, busy }) => `${name} ${busyPercent(busy)}`);
  return `Busy in the whole call: ${words.join(', ')}.`;
}

export function busyPercent(share: Track['busy']): string {
  return isKnown(share) ? `${Math.round(100 * share)} %` : 'unknown';
}
