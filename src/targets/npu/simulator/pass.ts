import { BYTES, type DType, type Kernel } from '../../../kernels/ir.ts';
import { operandNamed } from '../../../kernels/lookup.ts';
import { stageExpressions, walk } from '../../../kernels/walk.ts';
import { type BodyGraph, BodyGraphBuilder, type PassScope, type Roles } from './body-graph.ts';
import type { LevelledStage } from './levels.ts';

/** An array that a pass loads or stores (an operand or a temporary), and how it is addressed. */
export type PassAccess = Readonly<{
  array: string;
  role: 'load' | 'store';
  elementBytes: number;
  /** Elements by which the address moves along each loop; a loop that is not named does not move it. */
  strides: Readonly<Record<string, number>>;
  /** An earlier pass of the same iteration of the shared loops has touched it. */
  again: boolean;
}>;

/** One loop nest: stages that are computed together, with one body. */
export type Pass = Readonly<{
  /** Outermost first; the shared loops lead. */
  loops: readonly string[];
  /** Loops whose results are accumulated. */
  over: ReadonlySet<string>;
  /** The loop that lanes run along. */
  vector: string;
  /** The loop whose iterations an unrolled body interleaves. */
  unroll: string;
  /** Bytes of an element in a lane: of the narrowest array that the lanes move along. */
  laneBytes: number;
  graph: BodyGraph;
  accesses: readonly PassAccess[];
}>;

/** An array that one pass writes for a later one. */
export type Temporary = Readonly<{ name: string; dims: readonly string[]; dtype: DType }>;

/** What a pass is built from. */
type PassParts = Readonly<{
  kernel: Kernel;
  stages: readonly LevelledStage[];
  loops: readonly string[];
  shared: readonly string[];
  temporaries: readonly Temporary[];
  extents: Readonly<Record<string, number>>;
  /** Arrays that earlier passes have touched. */
  touched: ReadonlySet<string>;
}>;

type Touch = Readonly<{
  array: string;
  role: PassAccess['role'];
  elementBytes: number;
  strides: Readonly<Record<string, number>>;
}>;

/** Builds a pass: its accesses, the loops that lanes and copies run along, and its body. */
export function buildPass(parts: PassParts): Pass {
  const { stages, loops, extents } = parts;
  const over = new Set(stages.flatMap(({ stage }) => ('over' in stage ? stage.over : [])));
  const touches = touchesOf(parts);
  const vector = vectorLoop(loops, extents, touches);
  const unroll = unrollLoop(stages, loops, vector, touches, extents);
  const roles: Roles = { vector, unroll, inside: new Set([...over, vector]) };
  const builder = new BodyGraphBuilder(roles, passScopeOf(parts));
  for (const { stage, results } of stages) {
    const kept = results
      .map(({ name }) => name)
      .filter((name) => parts.temporaries.some((t) => t.name === name));
    builder.stage(stage, kept);
  }
  const along = touches.filter(({ strides }) => strides[vector] !== undefined && strides[vector] !== 0);
  const widths = (along.length > 0 ? along : touches).map(({ elementBytes }) => elementBytes);
  const accesses = touches.map((touch) => ({ ...touch, again: parts.touched.has(touch.array) }));
  const laneBytes = Math.min(8, ...widths);
  return { loops, over, vector, unroll, laneBytes, graph: builder.graph(), accesses };
}

/** Every way in which the pass addresses an array, once. */
function touchesOf({ kernel, stages, shared, temporaries, extents }: PassParts): Touch[] {
  const found = new Map<string, Touch>();
  const add = (touch: Touch) => found.set(JSON.stringify(touch), touch);
  const bytesOf = (name: string) => BYTES[operandNamed(kernel, name).dtype];
  const made = new Set(stages.flatMap(({ results }) => results.map(({ name }) => name)));
  for (const { stage } of stages) {
    for (const expression of stageExpressions(stage)) {
      walk(expression, (part) => {
        if (part.kind === 'load') {
          add({
            array: part.operand,
            role: 'load',
            elementBytes: bytesOf(part.operand),
            strides: part.at.strides,
          });
        }
      });
    }
    if (stage.kind === 'store') {
      add({
        array: stage.operand,
        role: 'store',
        elementBytes: bytesOf(stage.operand),
        strides: stage.at.strides,
      });
    }
  }
  for (const temporary of temporaries) {
    const reads = stages.some(({ reads }) => reads.includes(temporary.name));
    if (!reads && !made.has(temporary.name)) continue;
    const role = made.has(temporary.name) ? 'store' : 'load';
    const strides = temporaryStrides(temporary, extents, shared);
    add({ array: temporary.name, role, elementBytes: BYTES[temporary.dtype], strides });
  }
  return [...found.values()];
}

/** Strides of a temporary: row-major in its own loops, the same place for each iteration of the shared ones. */
function temporaryStrides(
  { dims }: Temporary,
  extents: Readonly<Record<string, number>>,
  shared: readonly string[],
): Record<string, number> {
  const strides: Record<string, number> = {};
  let stride = 1;
  for (const dim of dims.filter((name) => !shared.includes(name)).reverse()) {
    strides[dim] = stride;
    stride *= extents[dim];
  }
  return strides;
}

function passScopeOf({ kernel, stages, shared, temporaries, extents }: PassParts): PassScope {
  const dims = new Map<string, readonly string[]>();
  for (const stage of kernel.stages) {
    const names = stage.kind === 'reduce' ? stage.names : 'name' in stage ? [stage.name] : [];
    for (const name of names) dims.set(name, stage.dims);
  }
  const made = new Set(stages.flatMap(({ results }) => results.map(({ name }) => name)));
  return {
    dimsOf: (name) => dims.get(name) ?? [],
    memoryOf: (name) => {
      const temporary = temporaries.find((known) => known.name === name);
      return temporary === undefined || made.has(name)
        ? undefined
        : temporaryStrides(temporary, extents, shared);
    },
  };
}

/** The loop along which most accesses are contiguous; the innermost of several such. */
function vectorLoop(
  loops: readonly string[],
  extents: Readonly<Record<string, number>>,
  touches: readonly Touch[],
): string {
  let best = loops[loops.length - 1] ?? '';
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const loop of loops) {
    if (extents[loop] === 1) continue;
    let score = 0;
    for (const { strides, role } of touches) {
      const stride = Math.abs(strides[loop] ?? 0);
      if (stride === 1) score += role === 'store' ? 2 : 1;
      else if (stride > 1) score -= 1;
    }
    if (score >= bestScore) {
      best = loop;
      bestScore = score;
    }
  }
  return best;
}

/**
 * Copies of a contraction's body share a load where they run along a loop that it does not move
 * with (register blocking); all other bodies interleave iterations of the vector loop.
 */
function unrollLoop(
  stages: readonly LevelledStage[],
  loops: readonly string[],
  vector: string,
  touches: readonly Touch[],
  extents: Readonly<Record<string, number>>,
): string {
  const contraction = stages.find(({ stage }) => stage.kind === 'contract')?.stage;
  if (contraction === undefined) return vector;
  const loads = touches.filter(({ role }) => role === 'load');
  const candidates = contraction.dims.filter(
    (dim) =>
      dim !== vector &&
      extents[dim] > 1 &&
      loads.some(({ strides }) => (strides[dim] ?? 0) === 0) &&
      loops.includes(dim),
  );
  return candidates[candidates.length - 1] ?? vector;
}
