import type { DType, Kernel } from '../../../kernels/ir.ts';
import { stageLoops } from '../../../kernels/walk.ts';
import { fuseByteDots } from './dots.ts';
import type { Graph } from './graph.ts';
import { inlineCheapMaps, type LevelledStage, stageLevels } from './levels.ts';
import { buildPass } from './pass.ts';

/** What a pass touches in memory: an operand's, or a temporary's, elements along its loops. */
export type Access = Readonly<{
  array: string;
  role: 'load' | 'store';
  elementBytes: number;
  /** Elements by which the address moves along each loop; absent means 0. */
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
  graph: Graph;
  accesses: readonly Access[];
}>;

/** An array that one pass writes for a later one. */
export type Temporary = Readonly<{ name: string; dims: readonly string[]; dtype: DType }>;

/**
 * A kernel as passes over loops. `shared` are the parallel loops around all passes: what may be
 * tiled and split over threads. `streamed` is the reduction loop that one pass alone runs over, so
 * that it may be tiled too (a matrix product's K, the columns of a row sum).
 */
export type Nest = Readonly<{
  /** The kernel as the passes see it: cheap maps inlined, byte dot products fused. */
  kernel: Kernel;
  extents: Readonly<Record<string, number>>;
  shared: readonly string[];
  streamed: string | undefined;
  passes: readonly Pass[];
  temporaries: readonly Temporary[];
}>;

/** The loop of what stands outside all loops (the result of a sum over everything). */
const ONCE = '(once)';

const nests = new WeakMap<Kernel, Nest>();

/** The loop nest of a kernel; made once for each kernel object. */
export function nestOf(kernel: Kernel): Nest {
  const known = nests.get(kernel);
  if (known !== undefined) return known;
  const nest = makeNest(kernel);
  nests.set(kernel, nest);
  return nest;
}

function makeNest(kernel: Kernel): Nest {
  const prepared = inlineCheapMaps(fuseByteDots(kernel));
  const named = prepared.dimensions.map(({ name, extent }) => [name, extent] as const);
  const extents = Object.fromEntries([...named, [ONCE, 1]]);
  const groups = grouped(stageLevels(prepared));
  const parallel = prepared.dimensions.filter((dim) => dim.kind === 'parallel').map((dim) => dim.name);
  const shared = parallel.filter((name) => groups.every((group) => group.loops.includes(name)));
  const temporaries = temporariesOf(groups, shared);
  const touched = new Set<string>();
  const passes = groups.map((group) => {
    const order = prepared.dimensions.map((dim) => dim.name).filter((name) => group.loops.includes(name));
    const inner = order.filter((name) => !shared.includes(name));
    const loops = order.length === 0 ? [ONCE] : [...shared, ...inner];
    const pass = buildPass({
      kernel: prepared,
      stages: group.stages,
      loops,
      shared,
      temporaries,
      extents,
      touched,
    });
    for (const access of pass.accesses) touched.add(access.array);
    return pass;
  });
  return { kernel: prepared, extents, shared, streamed: streamedLoop(prepared, passes), passes, temporaries };
}

type Group = Readonly<{ loops: readonly string[]; stages: LevelledStage[] }>;

/** Stages of one level over the same loops share a body. */
function grouped(stages: readonly LevelledStage[]): Group[] {
  const groups = new Map<string, Group>();
  for (const stage of stages) {
    const loops = stageLoops(stage.stage);
    const key = `${String(stage.level).padStart(4, '0')}:${[...loops].sort().join()}`;
    const group = groups.get(key) ?? { loops, stages: [] };
    group.stages.push(stage);
    groups.set(key, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a.slice(0, 4) < b.slice(0, 4) ? -1 : a.slice(0, 4) > b.slice(0, 4) ? 1 : 0))
    .map(([, group]) => group);
}

/** Values computed in one group and read in another, unless they are one number an iteration. */
function temporariesOf(groups: readonly Group[], shared: readonly string[]): Temporary[] {
  const found = new Map<string, Temporary>();
  for (const group of groups) {
    const own = new Set(group.stages.flatMap(({ results }) => results.map(({ name }) => name)));
    for (const { reads } of group.stages) {
      for (const name of reads) {
        const producer = groups
          .flatMap(({ stages }) => stages)
          .find(({ results }) => results.some((r) => r.name === name));
        if (producer === undefined || own.has(name)) continue;
        const dims = producer.stage.dims.filter((dim) => !shared.includes(dim));
        const dtype = producer.results.find((result) => result.name === name)!.dtype;
        if (dims.length > 0) found.set(name, { name, dims, dtype });
      }
    }
  }
  return [...found.values()];
}

function streamedLoop(kernel: Kernel, passes: readonly Pass[]): string | undefined {
  const reductions = kernel.dimensions.filter((dim) => dim.kind === 'reduction' && dim.extent > 1);
  const single = reductions.filter(
    ({ name }) => passes.filter((pass) => pass.loops.includes(name)).length === 1,
  );
  const streamed = single.filter(({ name }) =>
    passes.find((pass) => pass.loops.includes(name))!.over.has(name),
  );
  return reductions.length === 1 && streamed.length === 1 ? streamed[0].name : undefined;
}
