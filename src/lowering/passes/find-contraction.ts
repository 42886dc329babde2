import type { Expression, IndexMap, Kernel } from '../../kernels/ir.ts';
import { walk } from '../../kernels/walk.ts';
import type { Contraction, LoweredKernel } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';

/** Recognizes a kernel that is one matrix product, where the policy tiles those in packed panels. */
export function findContraction(
  lowered: LoweredKernel,
  { packsContractions }: LoweringPolicy,
): LoweredKernel {
  return packsContractions ? { ...lowered, contraction: contractionOf(lowered.kernel) } : lowered;
}

/** The one matrix product that a kernel is, with element-wise stages around it; undefined for other kernels. */
export function contractionOf(kernel: Kernel): Contraction | undefined {
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
  const [left, right] = columnSide === 1 ? [product.left, product.right] : [product.right, product.left];
  return { product, batch, row, column, left, right };
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
