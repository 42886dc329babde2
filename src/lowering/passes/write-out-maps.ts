import type { Expression, Stage } from '../../kernels/ir.ts';
import { mapChildren, mapExpressions } from '../../kernels/rewrite.ts';
import type { LoweredKernel } from '../lowered-kernel.ts';
import type { LoweringPolicy } from '../policy.ts';

/** Writes cheap maps out in their uses: what a compiler would rather compute again than keep in memory. */
export function writeOutMaps(lowered: LoweredKernel, { isWrittenOut }: LoweringPolicy): LoweredKernel {
  const values = new Map<string, Expression>();
  const rewrite = (part: Expression): Expression =>
    part.kind === 'value' ? (values.get(part.name) ?? part) : mapChildren(part, rewrite);
  const stages: Stage[] = [];
  for (const stage of lowered.kernel.stages) {
    const rewritten = mapExpressions(stage, rewrite);
    if (rewritten.kind === 'map' && isWrittenOut(rewritten)) values.set(rewritten.name, rewritten.value);
    else stages.push(rewritten);
  }
  return { ...lowered, kernel: { ...lowered.kernel, stages } };
}
