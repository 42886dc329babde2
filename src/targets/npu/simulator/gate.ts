import type { Expression } from '../../../kernels/ir.ts';
import { stageExpressions, stageLoops, walk } from '../../../kernels/walk.ts';
import { type Geometry, tileExtents } from './geometry.ts';
import type { SimulatedSchedule } from './schedule.ts';

const counts = new WeakMap<Geometry, readonly Readonly<{ loops: readonly string[]; ops: number }>[]>();

/** Operations of a tile (of the whole call, without tiles): points × operations at a point, over all stages. */
export function workPerPoint(geometry: Geometry, schedule: SimulatedSchedule): number {
  const extents =
    schedule.staging === 'direct' ? geometry.nest.extents : tileExtents(geometry, schedule.sizes);
  let work = 0;
  for (const { loops, ops } of operations(geometry)) {
    work += loops.reduce((product, loop) => product * extents[loop], ops);
  }
  return work;
}

function operations(geometry: Geometry): readonly Readonly<{ loops: readonly string[]; ops: number }>[] {
  let known = counts.get(geometry);
  if (known === undefined) {
    known = geometry.nest.kernel.stages.map((stage) => {
      let ops = stage.kind === 'reduce' || stage.kind === 'contract' ? 1 : 0;
      for (const expression of stageExpressions(stage))
        walk(expression, (part) => (ops += isArithmetic(part) ? 1 : 0));
      return { loops: stageLoops(stage), ops };
    });
    counts.set(geometry, known);
  }
  return known;
}

function isArithmetic(expression: Expression): boolean {
  return ['unary', 'binary', 'compare', 'select'].includes(expression.kind);
}
