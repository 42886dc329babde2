/**
 * Shapes farther than this many doublings of extents are far: a factor of four in size, or of two in each of two
 * extents. It was chosen by the regret at each distance, which is in docs/notes/exports.md.
 */
export const FARTHEST_SHAPE = 2;

/**
 * The distance of two shapes: doublings of extents, added up. 1048576 and 3000000 are 1.52 apart;
 * [64, 1024] and [128, 512] are 2. Undefined for shapes of different rank.
 */
export function shapeDistance(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length !== b.length) return undefined;
  return a.reduce((sum, extent, place) => sum + Math.abs(Math.log2(extent / b[place])), 0);
}
