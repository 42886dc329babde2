import type { Expression } from '../../../kernels/ir.ts';
import { stageExpressions, stageLoops, walk } from '../../../kernels/walk.ts';
import type { LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { tileExtents } from '../../../lowering/tiles.ts';
import type { SimulatedSchedule } from './schedule.ts';

const counts = new WeakMap<LoweredKernel, readonly Readonly<{ loops: readonly string[]; ops: number }>[]>();

/** Operations of a tile (of the whole call, without tiles): points × operations at a point, over all stages. */
export function workPerPoint(lowered: LoweredKernel, schedule: SimulatedSchedule): number {
  const extents = schedule.staging === 'direct' ? lowered.extents : tileExtents(lowered, schedule.sizes);
  let work = 0;
  for (const { loops, ops } of operations(lowered)) {
    work += loops.reduce((product, loop) => product * extents[loop], ops);
  }
  return work;
}

function operations(lowered: LoweredKernel): readonly Readonly<{ loops: readonly string[]; ops: number }>[] {
  let known = counts.get(lowered);
  if (known === undefined) {
    known = lowered.kernel.stages.map((stage) => {
      let ops = stage.kind === 'reduce' || stage.kind === 'contract' ? 1 : 0;
      for (const expression of stageExpressions(stage))
        walk(expression, (part) => (ops += isArithmetic(part) ? 1 : 0));
      return { loops: stageLoops(stage), ops };
    });
    counts.set(lowered, known);
  }
  return known;
}

function isArithmetic(expression: Expression): boolean {
  return ['unary', 'binary', 'compare', 'select'].includes(expression.kind);
}
