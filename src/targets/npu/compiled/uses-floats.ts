import { isFloat } from '../../../kernels/arithmetic.ts';
import type { Kernel } from '../../../kernels/ir.ts';
import { stageExpressions, walk } from '../../../kernels/walk.ts';

/** Whether some number of a kernel is a float. */
export function usesFloats({ operands, stages }: Kernel): boolean {
  let found = operands.some(({ dtype }) => isFloat(dtype));
  for (const stage of stages)
    for (const expression of stageExpressions(stage))
      walk(expression, ({ dtype }) => {
        found ||= isFloat(dtype);
      });
  return found;
}
