import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { tileExtents, tileFootprint } from '../../../lowering/tiles.ts';
import type { SimulatedTarget } from '../machine/schema.ts';

/** Heights of the register block of a matrix product, tried in this order. */
const BLOCK_ROWS = [64, 8];
const BLOCK_COLUMNS = 64;
/** Depth below which a product is not cut before its block is made lower. */
const LEAST_DEPTH = 1024;

type Sizes = Readonly<Record<string, number>>;

/**
 * The tile that the compiler chooses by itself: the largest that fits its budget, found by halving
 * the outermost loop, then the next; for matrix products register blocks of 64 or 8 rows by 64
 * columns, as deep as fits. Reconstructed from the known tilings of hexagon-mlir (vector-add
 * [64, 16384] f32: 8 × 16384; gelu [1048576] f32: 262144; matmul 2048 × 8192 × 1024 f16 -> f32:
 * 64/4096/64 for 2 MiB, 8/1024/64 for 256 KiB). Undefined where nothing can be tiled.
 */
export function ruleTiles(lowered: LoweredKernel, target: SimulatedTarget): Sizes | undefined {
  const { tiled } = lowered;
  if (tiled.length === 0) return undefined;
  const budget = target.compiler.habits.tilingBudgetBytes;
  const fits = (sizes: Sizes) => {
    const { operands, kept } = tileFootprint(lowered, tileExtents(lowered, sizes));
    return operands <= budget && operands + kept <= target.scratchpad.bytes;
  };
  const whole = Object.fromEntries(tiled.map(({ parameter, extent }) => [parameter, extent]));
  const blocked = productTiles(whole, fits);
  if (blocked !== undefined) return blocked;
  const sizes: Record<string, number> = { ...whole };
  for (const { parameter } of tiled) {
    while (!fits(sizes) && sizes[parameter] > 1) sizes[parameter] = halved(sizes[parameter]);
  }
  return sizes;
}

function productTiles(whole: Sizes, fits: (sizes: Sizes) => boolean): Sizes | undefined {
  const { tileM, tileN, tileK } = whole;
  if (tileK === undefined || (tileM === undefined && tileN === undefined)) return undefined;
  for (const rows of BLOCK_ROWS) {
    const block = {
      ...(tileM === undefined ? {} : { tileM: Math.min(rows, tileM) }),
      ...(tileN === undefined ? {} : { tileN: Math.min(BLOCK_COLUMNS, tileN) }),
    };
    for (let depth = tileK; depth >= Math.min(LEAST_DEPTH, tileK); depth = halved(depth)) {
      const sizes = { ...block, tileK: depth };
      if (fits(sizes)) return sizes;
      if (depth === 1) break;
    }
  }
  return undefined;
}

/** Half, rounded up to a power of two unless it divides evenly. */
function halved(size: number): number {
  return size % 2 === 0 ? size / 2 : 2 ** Math.floor(Math.log2(size));
}
