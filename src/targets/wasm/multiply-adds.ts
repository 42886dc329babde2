import type { Expression, Kernel, UnaryOp } from '../../kernels/ir.ts';
import { stageExpressions, walk } from '../../kernels/walk.ts';
import { hasFloatLanes } from './generator/storage.ts';

/** Operations that the generator computes by polynomials. */
const POLYNOMIALS: ReadonlySet<UnaryOp | 'pow'> = new Set([
  ...(['exp', 'exp2', 'log', 'log2', 'tanh', 'erf', 'sin', 'cos'] as const),
  'pow',
]);

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
    if (part.kind === 'unary') found ||= POLYNOMIALS.has(part.op) && hasFloatLanes(part.dtype);
    if (part.kind !== 'binary' || !hasFloatLanes(part.dtype)) return;
    found ||= part.op === 'pow' || part.op === 'rem';
    found ||= (part.op === 'add' || part.op === 'sub') && (isProduct(part.left) || isProduct(part.right));
  });
  return found;
}

function isProduct(expression: Expression): boolean {
  return expression.kind === 'binary' && expression.op === 'mul' && hasFloatLanes(expression.dtype);
}
