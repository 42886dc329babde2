import type { Expression, Kernel } from '../kernels/ir.ts';
import { dimensionExtents, pointsOver } from '../kernels/lookup.ts';
import { BINARY_OPS } from '../kernels/ops/binary.ts';
import { recordSteps } from '../kernels/ops/record-steps.ts';
import { UNARY_OPS } from '../kernels/ops/unary.ts';
import { stageExpressions, walk } from '../kernels/walk.ts';
import { hasFloatLanes } from './expressions/lane-type.ts';

/** The multiply-adds of a call that its contractions cannot do without. */
export function contractedMultiplyAdds(kernel: Kernel): number {
  const extents = dimensionExtents(kernel);
  return kernel.stages.reduce(
    (sum, stage) =>
      stage.kind === 'contract' && hasFloatLanes(stage.dtype)
        ? sum + pointsOver(extents, [...stage.dims, ...stage.over])
        : sum,
    0,
  );
}

/** Whether fused multiply-adds change a kernel's code: it has products in sums, or polynomials. */
export function usesMultiplyAdds(kernel: Kernel): boolean {
  return kernel.stages.some((stage) => {
    if (stage.kind === 'contract') return hasFloatLanes(stage.dtype);
    const sums = stage.kind === 'reduce' && stage.combine.kind === 'sum';
    const region = stage.kind === 'reduce' && stage.combine.kind === 'region' ? stage.combine.results : [];
    if (sums && stage.values.some(isProduct)) return true;
    return [...stageExpressions(stage), ...region].some(hasMultiplyAdd);
  });
}

function hasMultiplyAdd(expression: Expression): boolean {
  let found = false;
  walk(expression, (part) => {
    if (!hasFloatLanes(part.dtype)) return;
    if (part.kind === 'unary') found ||= FUSING.has(part.op);
    if (part.kind !== 'binary') return;
    found ||= FUSING.has(part.op);
    found ||= (part.op === 'add' || part.op === 'sub') && (isProduct(part.left) || isProduct(part.right));
  });
  return found;
}

/** The ops whose own steps have multiply-adds. */
const FUSING: ReadonlySet<string> = new Set(
  [
    ...Object.entries(UNARY_OPS).map(
      ([op, { float }]) => [op, float && recordSteps(float.steps, 1)] as const,
    ),
    ...Object.entries(BINARY_OPS).map(
      ([op, { float }]) => [op, float && recordSteps((m, x, y) => float.steps(m, x, y), 2)] as const,
    ),
  ]
    .filter(([, steps]) => steps?.some(({ name }) => name === 'mulAdd' || name === 'mulSub'))
    .map(([op]) => op),
);

function isProduct(expression: Expression): boolean {
  return expression.kind === 'binary' && expression.op === 'mul' && hasFloatLanes(expression.dtype);
}
