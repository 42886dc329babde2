import type { Expression, IndexMap, Kernel, Stage } from './ir.ts';
import { stageExpressions, stageLoops, walk } from './walk.ts';

/** A load or store of a kernel. */
export type Access = Readonly<{
  operand: string;
  direction: 'read' | 'write';
  at: IndexMap;
  /** The position of its stage in kernel.stages. */
  stage: number;
  /** The stage's loops, outermost first. */
  loops: readonly string[];
  /** Elements from one point of the innermost loop to the next: 1 is contiguous, 0 the same element. */
  innerStride: number;
  /** Whether a mask may skip it. */
  masked: boolean;
}>;

/** Kept by kernel (kernels are frozen): a search space asks for them once for each tile. */
const found = new WeakMap<Kernel, readonly Access[]>();

/** Every load and store, in program order. */
export function accesses(kernel: Kernel): readonly Access[] {
  const known = found.get(kernel);
  if (known !== undefined) return known;
  const all = findAccesses(kernel);
  found.set(kernel, all);
  return all;
}

function findAccesses(kernel: Kernel): readonly Access[] {
  return kernel.stages.flatMap((stage, position) => {
    const loops = stageLoops(stage);
    const inner = loops.at(-1);
    const access = (
      direction: Access['direction'],
      operand: string,
      at: IndexMap,
      masked: boolean,
    ): Access => ({
      operand,
      direction,
      at,
      stage: position,
      loops,
      innerStride: inner === undefined ? 0 : (at.strides[inner] ?? 0),
      masked,
    });
    const reads = loadsOf(stage).map((load) =>
      access('read', load.operand, load.at, load.when !== undefined),
    );
    if (stage.kind !== 'store') return reads;
    return [...reads, access('write', stage.operand, stage.at, stage.when !== undefined)];
  });
}

function loadsOf(stage: Stage): readonly Extract<Expression, { kind: 'load' }>[] {
  const loads: Extract<Expression, { kind: 'load' }>[] = [];
  for (const expression of stageExpressions(stage)) {
    walk(expression, (part) => {
      if (part.kind === 'load') loads.push(part);
    });
  }
  return loads;
}
