import { isKnown } from '../../../tuner/attribution/gain.ts';
import type { Timeline } from '../../answers/timeline.ts';

/** When a part of the work, of 0 to 1, is computed: µs from the start of the call. */
type Part = Readonly<{ from: number; to: number; start: number; end: number }>;

/** A band between two rows of tiles. Where the same part of the work is computed in both calls, in µs. */
export type Link = Readonly<{
  above: readonly [start: number, end: number];
  below: readonly [start: number, end: number];
}>;

/**
 * What ties the tiles of two calls together: for each tile of the call with fewer of them, when it is computed, and when the
 * other call computes the same part of the work. None for parts that one of them computes after what is shown,
 * and none of a device's call, whose tiles are not told.
 */
export function linksOf(above: Timeline, below: Timeline): readonly Link[] {
  if (!isKnown(above.tiles) || !isKnown(below.tiles)) return [];
  const [first, second] = [partsOf(above, above.tiles.whole), partsOf(below, below.tiles.whole)];
  const isAboveCoarser = above.tiles.whole <= below.tiles.whole;
  const [coarse, fine] = isAboveCoarser ? [first, second] : [second, first];
  return coarse.flatMap((part): readonly Link[] => {
    const same = fine.filter(({ from, to }) => from < part.to - 1e-9 && to > part.from + 1e-9);
    const reach = Math.max(0, ...same.map(({ to }) => to));
    if (same.length === 0 || reach < part.to - 1e-9) return [];
    const own = [part.start, part.end] as const;
    const others = [
      Math.min(...same.map(({ start }) => start)),
      Math.max(...same.map(({ end }) => end)),
    ] as const;
    return [isAboveCoarser ? { above: own, below: others } : { above: others, below: own }];
  });
}

/** Each tile that is computed in the shown part, in the order of the work. */
function partsOf({ tracks }: Timeline, whole: number): readonly Part[] {
  const times = new Map<number, readonly [start: number, end: number]>();
  for (const { what, tile, start, end } of tracks.flatMap(({ spans }) => spans)) {
    if (what !== 'compute' || tile === undefined) continue;
    const [first, last] = times.get(tile) ?? [start, end];
    times.set(tile, [Math.min(first, start), Math.max(last, end)]);
  }
  return [...times]
    .sort(([a], [b]) => a - b)
    .map(([tile, [start, end]]) => ({ from: tile / whole, to: (tile + 1) / whole, start, end }));
}
