import type { Expression, IndexMap, Kernel } from '../../../kernels/ir.ts';
import { dimensionExtent, dimensionExtents, pointsOver } from '../../../kernels/lookup.ts';
import { walk } from '../../../kernels/walk.ts';
import { collapse } from './collapse.ts';
import type { ReductionStage } from './loop-plan.ts';

type Contract = Extract<ReductionStage, { kind: 'contract' }>;

/** A kernel that is one matrix product, rows of `left` by columns of `right`, and element-wise stages around it. */
export type Contraction = Readonly<{
  kernel: Kernel;
  product: Contract;
  /** Dimensions of both sides, outermost first. */
  batch: readonly string[];
  row: string;
  column: string;
  /** `left` does not depend on the column, `right` not on the row. */
  left: Expression;
  right: Expression;
  /** Units of work that threads share: panels of so many columns, over all batches. */
  work(columns: number): number;
}>;

/** The kernel as a contraction; undefined where it is not one, or more than one. */
export function contractionOf(given: Kernel): Contraction | undefined {
  const kernel = collapse(given);
  const reductions = kernel.stages.filter((stage) => stage.kind === 'reduce' || stage.kind === 'contract');
  const stores = kernel.stages.filter((stage) => stage.kind === 'store');
  const [product] = reductions;
  if (reductions.length !== 1 || product.kind !== 'contract' || product.over.length !== 1) return undefined;
  if (stores.some(({ dims }) => dims.toSorted().join() !== product.dims.toSorted().join())) return undefined;
  const sides = [dimensionsOf(kernel, product.left), dimensionsOf(kernel, product.right)];
  const only = (side: number) =>
    product.dims.filter((dim) => sides[side].has(dim) && !sides[1 - side].has(dim));
  const column = stores[0].dims.findLast((dim) => stores[0].at.strides[dim] === 1);
  const columnSide = [0, 1].find((side) => column !== undefined && only(side).includes(column));
  if (column === undefined || columnSide === undefined) return undefined;
  const [row] = only(1 - columnSide).toReversed();
  if (row === undefined) return undefined;
  const batch = product.dims.filter((dim) => dim !== row && dim !== column);
  const batches = pointsOver(dimensionExtents(kernel), batch);
  const [left, right] = columnSide === 1 ? [product.left, product.right] : [product.right, product.left];
  const work = (columns: number) => batches * Math.ceil(dimensionExtent(kernel, column) / columns);
  return { kernel, product, batch, row, column, left, right, work };
}

/** Dimensions that an expression's loads and indices depend on, through maps too. */
function dimensionsOf(kernel: Kernel, expression: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  const take = ({ strides }: IndexMap): void => {
    for (const [dim, stride] of Object.entries(strides)) if (stride !== 0) found.add(dim);
  };
  walk(expression, (part) => {
    if (part.kind === 'load' || part.kind === 'index') take(part.at);
    if (part.kind !== 'value') return;
    const map = kernel.stages.find((stage) => stage.kind === 'map' && stage.name === part.name);
    if (map?.kind === 'map') for (const dim of dimensionsOf(kernel, map.value)) found.add(dim);
  });
  return found;
}
