import type { Contraction, LoweredKernel } from './lowered-kernel.ts';

/** The part of a product that accumulates in registers: rows, each of so many registers of neighbouring columns. */
export type RegisterTile = Readonly<{ rows: number; registers: number; columns: number }>;

/**
 * How a contraction is tiled. Panels of columns are packed, some together; each is then walked row tile by
 * row tile. A last panel with fewer columns has a register tile of its own.
 */
export type PanelPlan = Readonly<{
  contraction: Contraction;
  whole: RegisterTile;
  last: RegisterTile | undefined;
  /** Panels in each batch. */
  count: number;
  /** Panels that are packed at a time. */
  together: number;
  /** Bytes of the packed panels, in scratch memory. */
  bytes: number;
}>;

/** Bytes of a packed element. */
const PACKED_BYTES = 4;

/** The panels of a contraction in register tiles of `rows` × `registers` × `lanes`. */
export function planPanels(
  { extents }: LoweredKernel,
  contraction: Contraction,
  { rows, registers, lanes, together }: Readonly<Record<'rows' | 'registers' | 'lanes' | 'together', number>>,
): PanelPlan {
  const columns = registers * lanes;
  const extent = extents[contraction.column];
  const rest = extent % columns;
  const whole = { rows, registers, columns };
  return {
    contraction,
    whole,
    last: rest === 0 ? undefined : narrowed(whole, rest, lanes),
    count: Math.ceil(extent / columns),
    together,
    bytes: together * extents[contraction.product.over[0]] * columns * PACKED_BYTES,
  };
}

/** The tile of a narrower panel: as many rows as fit the registers that the wide one takes. */
function narrowed({ rows, registers }: RegisterTile, columns: number, lanes: number): RegisterTile {
  const own = Math.ceil(columns / lanes);
  const needed = rows * registers + rows + registers;
  return { rows: Math.floor((needed - own) / (own + 1)), registers: own, columns };
}

/** Panels of so many columns that threads share, over all batches. */
export function panelsInAll(
  { extents }: LoweredKernel,
  { batch, column }: Contraction,
  columns: number,
): number {
  return batch.reduce((product, loop) => product * extents[loop], Math.ceil(extents[column] / columns));
}
