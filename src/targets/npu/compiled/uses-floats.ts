import { isFloat } from '../../../kernels/arithmetic.ts';
import type { DType, Kernel } from '../../../kernels/ir.ts';
import { stageExpressions, walk } from '../../../kernels/walk.ts';

/** Whether some number of a kernel is a float. */
export function usesFloats(kernel: Kernel): boolean {
  return uses(kernel, isFloat);
}

/** Whether some number of a kernel is an f16. */
export function usesHalves(kernel: Kernel): boolean {
  return uses(kernel, (dtype) => dtype === 'f16');
}

function uses({ operands, stages }: Kernel, isSo: (dtype: DType) => boolean): boolean {
  let found = operands.some(({ dtype }) => isSo(dtype));
  for (const stage of stages)
    for (const expression of stageExpressions(stage))
      walk(expression, ({ dtype }) => {
        found ||= isSo(dtype);
      });
  return found;
}
