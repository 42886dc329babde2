import { stageResults } from '../kernels/walk.ts';
import type { LoopNest, LoweredKernel } from '../lowering/lowered-kernel.ts';
import type { CodeNode } from './code-node.ts';
import type { Readable } from './emit-context.ts';
import type { Lanes } from './lanes.ts';
import { blockElements, type RegisterBlock } from './loop.ts';
import type { LoopCounters, MemoryRegion, Position } from './memory-access.ts';
import type { Sizes } from './sizes.ts';

/** What the code of a function over rows is generated from. */
export type RowEnvironment = Readonly<{
  lanes: Lanes;
  lowered: LoweredKernel;
  regions: ReadonlyMap<string, MemoryRegion>;
  /** Address of the row's kept values. */
  scratch: CodeNode;
  block: RegisterBlock;
  readable: Readable;
  sizes: Sizes;
  /** Whether elements may be computed and stored twice. */
  overlaps: boolean;
}>;

/** The vectorized dimension of a loop, with its block of registers. */
export type Vector = Readonly<{ dim: string; block: RegisterBlock }>;

/** Code for the same elements of another row. */
export type Beside = (counter: CodeNode, block: RegisterBlock) => void;

/** Where the elements of one register of a block lie; of one lane without a vectorized dimension. */
export function positionOf(
  lanes: Lanes,
  index: LoopCounters,
  vector: Vector | undefined,
  register: number,
): Position {
  if (vector === undefined) return { index };
  const { dim, block } = vector;
  const ahead = register * blockElements(lanes, { registers: 1, wide: block.wide });
  return { index, vector: { dim, wide: block.wide, ...(block.overlaps && { overlaps: true }), ahead } };
}

/** The names of what a nest of reductions gives. */
export function resultNames({ stages }: LoopNest): readonly string[] {
  return stages.flatMap((stage) => stageResults(stage).map(({ name }) => name));
}
