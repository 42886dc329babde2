import { type Access, accesses } from './accesses.ts';
import { distinctElements } from './distinct.ts';
import { BYTES, type Kernel, type Operand } from './ir.ts';

/** Extents of a tile by dimension; a dimension that is not named has its whole extent. */
type TileExtents = Readonly<Record<string, number>>;

/** Distinct bytes of an operand that the kernel touches, each counted once however often it is touched. */
export type Footprint = Readonly<{ operand: string; bytesRead: number; bytesWritten: number }>;

/**
 * The bytes of each operand that a whole call touches. A masked access counts as if it were always
 * taken, as far as it lies inside its operand.
 */
export function footprints(kernel: Kernel): readonly Footprint[] {
  const all = accesses(kernel);
  const extents = tileExtents(kernel, {});
  return kernel.operands.map((operand) => {
    const bytes = (direction: Access['direction']): number => {
      const maps = all.filter((access) => access.operand === operand.name && access.direction === direction);
      return bytesOf(operand, maps, extents);
    };
    return { operand: operand.name, bytesRead: bytes('read'), bytesWritten: bytes('write') };
  });
}

/** Distinct bytes of each operand that a tile at the origin of the iteration space touches. */
export function tileBytes(kernel: Kernel, tile: TileExtents): Readonly<Record<string, number>> {
  const all = accesses(kernel);
  const extents = tileExtents(kernel, tile);
  return Object.fromEntries(
    kernel.operands.map((operand) => {
      const maps = all.filter((access) => access.operand === operand.name);
      return [operand.name, bytesOf(operand, maps, extents)];
    }),
  );
}

function bytesOf(operand: Operand, maps: readonly Access[], extents: ReadonlyMap<string, number>): number {
  return distinctElements(maps, extents, operand.elements) * BYTES[operand.dtype];
}

function tileExtents(kernel: Kernel, tile: TileExtents): ReadonlyMap<string, number> {
  return new Map(
    kernel.dimensions.map(({ name, extent }) => [name, Math.min(extent, Math.max(1, tile[name] ?? extent))]),
  );
}
