import type { DType, Expression, IndexMap, Kernel, Operand, Stage } from '../../../kernels/ir.ts';
import { mapChildren, mapExpressions, mapIndices } from '../../../kernels/rewrite.ts';
import { stageResults } from '../../../kernels/walk.ts';
import {
  type Extents,
  type LoopNest,
  type LoweredKernel,
  ONCE,
  unplanned,
} from '../../../lowering/lowered-kernel.ts';

type Store = Extract<Stage, { kind: 'store' }>;

/** A value that one nest computes and another reads, as an array with all of its dimensions. */
export type KeptArray = Readonly<{ value: string; operand: Operand; at: IndexMap; dims: readonly string[] }>;

const KEPT = 'kept ';

/** Whether an operand of a nest alone is such an array, which lies where the code's memory does. */
export function isKept(operand: string): boolean {
  return operand.startsWith(KEPT);
}

/** The arrays through which the nests of a kernel pass values on. */
export function keptArrays({
  kernel,
  temporaries,
  extents,
  recomputed,
}: LoweredKernel): readonly KeptArray[] {
  const wanted = new Set(temporaries.map(({ name }) => name));
  return kernel.stages.flatMap((stage) =>
    stageResults(stage).flatMap(({ name, dtype }) =>
      wanted.has(name) && !recomputed.has(name) && 'dims' in stage
        ? [keptArray(name, dtype, stage.dims, extents)]
        : [],
    ),
  );
}

function keptArray(value: string, dtype: DType, dims: readonly string[], extents: Extents): KeptArray {
  const strides: Record<string, number> = {};
  let elements = 1;
  for (const dim of dims.toReversed()) {
    strides[dim] = elements;
    elements *= extents[dim];
  }
  const operand: Operand = { name: `${KEPT}${value}`, role: 'inout', dtype, elements };
  return { value, operand, at: { offset: 0, strides }, dims };
}

/**
 * A nest as a kernel of its own, with all loops in it: what it reads of other nests, and what they read of it, are
 * arrays. Of the loop that its body interleaves, if lanes run along another, `copies` iterations are written beside each
 * other; they must divide its extent.
 */
export function nestAlone(whole: LoweredKernel, place: number, copies: number): LoweredKernel {
  const nest = whole.nests[place];
  const arrays = keptArrays(whole);
  const own = nest.stages.map((stage) => reading(stage, nest, arrays));
  const helpers = [...whole.recomputed.values()].map((stage) => reading(stage, nest, arrays));
  const maps = own.filter((stage) => stage.kind === 'map');
  const inside = own.flatMap((stage): readonly Stage[] =>
    stage.kind === 'map' ? storesOf(stage, arrays) : [stage],
  );
  const after = own.filter((stage) => 'over' in stage).flatMap((stage) => storesOf(stage, arrays));
  const jammed = (stages: readonly Stage[]): readonly Stage[] => beside(stages, nest.unroll, copies);
  const extents = { ...whole.extents, [nest.unroll]: whole.extents[nest.unroll] / copies };
  const kernel: Kernel = {
    ...whole.kernel,
    dimensions: whole.kernel.dimensions.map((each) => ({ ...each, extent: extents[each.name] })),
    operands: [...whole.kernel.operands, ...arrays.map(({ operand }) => operand)],
    stages: [...jammed(helpers), ...jammed(maps), ...jammed(own.filter((stage) => 'over' in stage))],
  };
  return withNests(kernel, extents, nest, jammed(inside), jammed(after));
}

function withNests(
  kernel: Kernel,
  extents: Extents,
  nest: LoopNest,
  inside: readonly Stage[],
  after: readonly Stage[],
): LoweredKernel {
  const outer = nest.loops.filter((loop) => loop !== ONCE && !nest.over.has(loop));
  const isAcross = outer.includes(nest.vector);
  const stored = {
    ...nest,
    stages: after,
    loops: [...outer, ONCE],
    over: new Set<string>(),
    vector: isAcross ? nest.vector : ONCE,
    unroll: isAcross ? nest.vector : ONCE,
  };
  return {
    ...unplanned(kernel),
    extents,
    shared: outer,
    lanesAcross: isAcross ? nest.vector : undefined,
    nests: [{ ...nest, stages: inside }, ...(after.length === 0 ? [] : [stored])],
  };
}

/** A stage that loads the values of other nests. */
function reading(stage: Stage, nest: LoopNest, arrays: readonly KeptArray[]): Stage {
  const own = new Set(nest.stages.flatMap((each) => stageResults(each).map(({ name }) => name)));
  const change = (part: Expression): Expression => {
    if (part.kind !== 'value' || own.has(part.name)) return mapChildren(part, change);
    const found = arrays.find(({ value }) => value === part.name);
    if (found === undefined) return part;
    return { kind: 'load', operand: found.operand.name, at: found.at, dtype: part.dtype };
  };
  return mapExpressions(stage, change);
}

function storesOf(stage: Stage, arrays: readonly KeptArray[]): readonly Store[] {
  return stageResults(stage).flatMap(({ name, dtype }) =>
    arrays
      .filter(({ value }) => value === name)
      .map(({ operand, at, dims }): Store => {
        const value: Expression = { kind: 'value', name, dtype };
        return { kind: 'store', operand: operand.name, at, dims, value };
      }),
  );
}

/** The stages of so many iterations of a loop, beside each other. */
function beside(stages: readonly Stage[], loop: string, copies: number): readonly Stage[] {
  if (copies === 1) return stages;
  return Array.from({ length: copies }, (_, copy) =>
    stages.map((stage) => copyOf(stage, loop, copies, copy)),
  ).flat();
}

function copyOf(stage: Stage, loop: string, copies: number, copy: number): Stage {
  const name = (of: string): string => `${of} ${copy}`;
  const named = (part: Expression): Expression =>
    part.kind === 'value' ? { ...part, name: name(part.name) } : mapChildren(part, named);
  const moved = mapIndices(mapExpressions(stage, named), ({ offset, strides }) => {
    const stride = strides[loop] ?? 0;
    return { offset: offset + stride * copy, strides: { ...strides, [loop]: stride * copies } };
  });
  if (moved.kind === 'reduce') return { ...moved, names: moved.names.map(name) };
  return moved.kind === 'store' ? moved : { ...moved, name: name(moved.name) };
}
