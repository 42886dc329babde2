import type { TiledLoop } from '../../../lowering/lowered-kernel.ts';

/** The most values of a tile parameter with one, two and three tiled loops, so that the space stays searchable. */
const MOST_VALUES = [18, 13, 8];

/**
 * Sizes worth trying for a loop, ascending: powers of two, divisors, and the whole extent; thinned
 * evenly on a logarithmic scale. They depend on the kernel alone, so that a target with more
 * scratchpad has every tile that a smaller one has.
 */
export function tileValues(loop: TiledLoop, tiledLoops: readonly TiledLoop[]): number[] {
  const { extent } = loop;
  const found = new Set<number>([extent]);
  for (let size = 1; size < extent; size *= 2) found.add(size);
  for (let parts = 2; parts <= 16; parts++) if (extent % parts === 0) found.add(extent / parts);
  const least = smallestTile(loop, tiledLoops);
  const sizes = [...found].filter((size) => size >= Math.min(extent, least)).sort((a, b) => a - b);
  return thinned(sizes, MOST_VALUES[tiledLoops.length - 1]);
}

/** The smallest size worth trying: a smaller tile is all overhead. */
function smallestTile({ parameter }: TiledLoop, tiledLoops: readonly TiledLoop[]): number {
  if (parameter === 'tileRows') return 1;
  if (parameter === 'tileM') return 8;
  return tiledLoops.length === 1 ? 256 : 32;
}

/** At most `most` values, the largest among them. */
function thinned(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const step = (values.length - 1) / (most - 1);
  const kept = new Set(Array.from({ length: most }, (_, i) => values.length - 1 - Math.round(i * step)));
  return values.filter((_, place) => kept.has(place));
}
