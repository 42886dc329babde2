import { BYTES } from '../../../kernels/ir.ts';
import type { Extents } from '../../../lowering/lowered-kernel.ts';
import type { MatrixUnit } from '../machine/schema.ts';
import { nestCost } from './compute.ts';
import { entry } from './kept.ts';
import { type MatrixProduct, matrixProductOf } from './matrix-product.ts';
import type { SimulatedSchedule } from './schedule.ts';
import { WorkModel } from './work.ts';

/** A kernel's product on a target's matrix unit. */
export type MatrixWork = Readonly<{ product: MatrixProduct; unit: MatrixUnit; rest: WorkModel }>;

/** Cycles that one tile of a kernel takes: of the unit, which serves one thread at a time, and of its thread. */
export type MatrixCycles = Readonly<{
  products: number;
  readout: number;
  pack: number;
  /** Element-wise stages around the product. */
  rest: number;
}>;

const works = new WeakMap<WorkModel, MatrixWork>();

/** Throws Error where the target has no matrix unit, or the kernel no product for it: no space has such a configuration. */
export function matrixWorkOf(model: WorkModel): MatrixWork {
  return entry(works, model, () => {
    const product = matrixProductOf(model.lowered);
    const { matrix } = model.target;
    if (product === undefined || matrix === undefined)
      throw new Error(
        `internal error: no matrix product of ${model.lowered.kernel.name} on ${model.target.name}`,
      );
    return { product, unit: matrix, rest: new WorkModel(product.rest, model.target) };
  });
}

/**
 * Cycles for a tile of `extents`. What is smaller than the unit's tiles is filled up. Each side is packed when it is
 * fetched, so a tile takes that share of its packing; `threadsPerUnit` threads pack on one vector unit.
 */
export function matrixCycles(
  { product, unit, rest }: MatrixWork,
  schedule: SimulatedSchedule,
  extents: Extents,
  fetched: Readonly<{ left: number; right: number }>,
  threadsPerUnit: number,
): MatrixCycles {
  const [rows, columns, depth] = [product.row, product.column, product.depth].map((loop) =>
    Math.ceil(extents[loop] / unit.tile),
  );
  const vectors = (unit.tile * unit.tile * BYTES.f16) / rest.target.vector.bytes;
  const packed = fetched.left * rows * depth + fetched.right * depth * columns + rows * columns;
  const nests = rest.lowered.nests.map(
    (nest, place) =>
      nestCost(nest, rest.body(place, schedule), schedule.unroll, extents, threadsPerUnit).cycles,
  );
  return {
    products: rows * columns * depth * unit.productCycles,
    readout: rows * columns * unit.readoutCycles,
    pack: packed * vectors * unit.packCycles * threadsPerUnit,
    rest: nests.reduce((sum, cycles) => sum + cycles, 0),
  };
}
