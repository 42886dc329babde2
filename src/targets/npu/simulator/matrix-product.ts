import { BYTES, type Expression, type Kernel, type Operand, type Stage } from '../../../kernels/ir.ts';
import { mapChildren, mapExpressions } from '../../../kernels/rewrite.ts';
import type { Contraction, Extents, LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { contractionOf } from '../../../lowering/passes/find-contraction.ts';
import type { Weights } from '../machine/schema.ts';
import { loweredForNpu } from '../policy.ts';
import { entry } from './kept.ts';

/** A kernel that is one product of matrices of 16-bit floats, as a matrix unit computes it. */
export type MatrixProduct = Readonly<{
  row: string;
  column: string;
  depth: string;
  /** Operands with the rows and with the columns. */
  left: string;
  right: string;
  /** All other stages, as a kernel that reads the product as an array of 16-bit floats. */
  rest: LoweredKernel;
}>;

type Product = Contraction['product'];

const products = new WeakMap<LoweredKernel, { found: MatrixProduct | undefined }>();

/** The product that a kernel is; undefined where a matrix unit cannot compute it. */
export function matrixProductOf(lowered: LoweredKernel): MatrixProduct | undefined {
  return entry(products, lowered, () => ({ found: findProduct(lowered) })).found;
}

function findProduct({ kernel, streamed }: LoweredKernel): MatrixProduct | undefined {
  const contraction = contractionOf(kernel);
  if (contraction === undefined || streamed === undefined) return undefined;
  const { product, row, column } = contraction;
  const [left, right] = [contraction.left, contraction.right].map(matrixIn);
  if (left === undefined || right === undefined) return undefined;
  return { row, column, depth: streamed, left, right, rest: loweredForNpu(restOf(kernel, product)) };
}

/** The operand whose 16-bit floats a side is, as they are. */
function matrixIn(side: Expression): string | undefined {
  if (side.kind === 'cast') return matrixIn(side.operand);
  return side.kind === 'load' && side.dtype === 'f16' && side.when === undefined ? side.operand : undefined;
}

function restOf(kernel: Kernel, product: Product): Kernel {
  const array = productArray(kernel, product);
  const stages = kernel.stages
    .filter((stage) => stage !== product)
    .map((stage) => reading(stage, product, array));
  const dimensions = kernel.dimensions.filter(({ name }) => !product.over.includes(name));
  return { ...kernel, dimensions, operands: [...kernel.operands, array.operand], stages };
}

type ProductArray = Readonly<{ operand: Operand; load: Expression }>;

function productArray({ dimensions }: Kernel, { name, dims, dtype }: Product): ProductArray {
  const strides: Record<string, number> = {};
  let elements = 1;
  for (const dim of dims.toReversed()) {
    strides[dim] = elements;
    elements *= dimensions.find((each) => each.name === dim)?.extent ?? 1;
  }
  const operand: Operand = { name: `product ${name}`, role: 'input', dtype: 'f16', elements };
  const load: Expression = { kind: 'load', operand: operand.name, at: { offset: 0, strides }, dtype: 'f16' };
  return { operand, load: dtype === 'f16' ? load : { kind: 'cast', operand: load, dtype } };
}

function reading(stage: Stage, { name }: Product, { load }: ProductArray): Stage {
  const change = (part: Expression): Expression =>
    part.kind === 'value' && part.name === name ? load : mapChildren(part, change);
  return mapExpressions(stage, change);
}

/** Scratchpad bytes of a product's buffers: of each thread, for each of its buffers; and of what all threads share. */
export type MatrixBytes = Readonly<{ own: number; shared: number }>;

/**
 * A buffer of a tile of `extents` has each matrix once: rows are brought into the unit's order where they arrive, through
 * a stripe that is as high or wide as the unit's tiles. Resident weights are there once, for all tiles and threads.
 */
export function matrixBytes(
  lowered: LoweredKernel,
  product: MatrixProduct,
  tile: number,
  extents: Extents,
  weights: Weights,
): MatrixBytes {
  const filled = (loop: string, of: Extents): number => Math.ceil(of[loop] / tile) * tile;
  const { row, column, depth } = product;
  const [rows, columns, deep] = [row, column, depth].map((loop) => filled(loop, extents));
  const isResident = weights === 'resident';
  const matrices = rows * deep + rows * columns + (isResident ? 0 : deep * columns);
  const stripes = tile * (2 * deep + columns);
  const whole = loopsOf(lowered, product.right).reduce((all, loop) => {
    return all * (loop === column || loop === depth ? filled(loop, lowered.extents) : lowered.extents[loop]);
  }, BYTES.f16);
  return { own: BYTES.f16 * (matrices + stripes), shared: isResident ? whole : 0 };
}

/** The loops that move an operand. */
function loopsOf({ extents, operands }: LoweredKernel, wanted: string): readonly string[] {
  const maps = operands.find(({ name }) => name === wanted)?.maps ?? [];
  return Object.keys(extents).filter((loop) => maps.some(({ strides }) => (strides[loop] ?? 0) !== 0));
}
