import type { Expression } from '../../../kernels/ir.ts';
import { stageExpressions, stageLoops, walk } from '../../../kernels/walk.ts';
import type { Extents, LoweredKernel } from '../../../lowering/lowered-kernel.ts';
import { tileExtents } from '../../../lowering/tiles.ts';
import type { SimulatedTarget } from '../machine/schema.ts';
import type { SimulatedSchedule } from './schedule.ts';

/** Operations at each point of some loops. */
type StageWork = Readonly<{ loops: readonly string[]; ops: number }>;

const counts = new WeakMap<LoweredKernel, readonly StageWork[]>();

/** The schedule as the compiler carries it out: on one thread where it finds a tile too small for several. */
export function gated(
  lowered: LoweredKernel,
  { compiler }: SimulatedTarget,
  schedule: SimulatedSchedule,
): SimulatedSchedule {
  const { gate } = compiler.habits;
  if (gate === 0 || schedule.threads === 1) return schedule;
  return workAtATime(lowered, schedule) / 2 >= gate
    ? schedule
    : { ...schedule, threads: 1, split: 'tiles-block' };
}

/** Operations of a tile (of the whole call, without tiles). */
export function workAtATime(lowered: LoweredKernel, { staging, sizes }: SimulatedSchedule): number {
  return workOver(lowered, staging === 'direct' ? lowered.extents : tileExtents(lowered, sizes));
}

/** Points × operations at a point, over all stages. */
export function workOver(lowered: LoweredKernel, extents: Extents): number {
  let work = 0;
  for (const { loops, ops } of operationsOf(lowered)) {
    work += loops.reduce((product, loop) => product * extents[loop], ops);
  }
  return work;
}

/** The operations of each stage, as the compiler counts them. */
export function operationsOf(lowered: LoweredKernel): readonly StageWork[] {
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
