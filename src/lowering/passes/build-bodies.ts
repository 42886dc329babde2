import { stageResults } from '../../kernels/walk.ts';
import { arraysKept, type LoopNest, type LoweredKernel } from '../lowered-kernel.ts';
import { BodyGraphBuilder } from './body-builder.ts';

/** Builds the body of each nest: its operations as a graph, each with the loops along which it varies. */
export function buildBodies(lowered: LoweredKernel): LoweredKernel {
  return { ...lowered, nests: lowered.nests.map((nest) => ({ ...nest, body: bodyOf(lowered, nest) })) };
}

function bodyOf(lowered: LoweredKernel, nest: LoopNest): LoopNest['body'] {
  const { kernel, recomputed } = lowered;
  const { vector, unroll, over, stages } = nest;
  const dims = new Map(
    kernel.stages.flatMap((stage) => stageResults(stage).map(({ name }) => [name, stage.dims])),
  );
  const inMemory = arraysKept(lowered);
  const made = new Set(stages.flatMap((stage) => stageResults(stage).map(({ name }) => name)));
  const builder = new BodyGraphBuilder(
    { vector, unroll, inside: new Set([...over, vector]) },
    {
      dimsOf: (name) => dims.get(name) ?? [],
      memoryOf: (name) =>
        made.has(name) ? undefined : inMemory.find((temporary) => temporary.name === name)?.at.strides,
      mapOf: (name) => recomputed.get(name),
    },
  );
  const kept = new Set(inMemory.map(({ name }) => name));
  for (const stage of stages) builder.stage(stage, kept);
  return builder.graph();
}
