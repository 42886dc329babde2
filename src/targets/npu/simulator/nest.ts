import type { Kernel } from '../../../kernels/ir.ts';
import { stageLoops } from '../../../kernels/walk.ts';
import { fuseByteDots } from './dots.ts';
import { inlineCheapMaps, type LevelledStage, stageLevels } from './levels.ts';
import { buildPass, type Pass, type Temporary } from './pass.ts';

/**
 * A kernel as the simulator sees it: passes over loops. `shared` are the parallel loops around all
 * passes, which may be tiled and split over threads. `streamed` is the reduction loop that only one pass
 * runs over, which may be tiled too (K of a matrix product, the columns of a row sum).
 */
export type SimulatedNest = Readonly<{
  /** The kernel as the passes see it: cheap maps inlined, byte dot products fused. */
  kernel: Kernel;
  extents: Readonly<Record<string, number>>;
  shared: readonly string[];
  streamed: string | undefined;
  passes: readonly Pass[];
  temporaries: readonly Temporary[];
}>;

/** A loop of one iteration, for stages outside of all loops (storing the sum of everything). */
const ONCE = '(once)';

const nests = new WeakMap<Kernel, SimulatedNest>();

/** The loop nest of a kernel; made once for each kernel object. */
export function simulatedNestOf(kernel: Kernel): SimulatedNest {
  const known = nests.get(kernel);
  if (known !== undefined) return known;
  const nest = makeNest(kernel);
  nests.set(kernel, nest);
  return nest;
}

function makeNest(kernel: Kernel): SimulatedNest {
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

/** Stages grouped by level and loops: those of one group share a body. */
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

/** Values that one group computes and another reads, unless they are a single number in each iteration of the shared loops. */
function temporariesOf(groups: readonly Group[], shared: readonly string[]): Temporary[] {
  const values = new Map(groups.flatMap(({ stages }) => stages.flatMap(valuesOf)));
  const found = new Map<string, Temporary>();
  for (const group of groups) {
    const own = new Set(group.stages.flatMap(({ results }) => results.map(({ name }) => name)));
    for (const { reads } of group.stages) {
      for (const name of reads) {
        const value = values.get(name);
        if (value === undefined || own.has(name)) continue;
        const dims = value.dims.filter((dim) => !shared.includes(dim));
        if (dims.length > 0) found.set(name, { name, dims, dtype: value.dtype });
      }
    }
  }
  return [...found.values()];
}

/** The values that a stage defines, by name. */
function valuesOf({ stage, results }: LevelledStage): readonly (readonly [string, Temporary])[] {
  return results.map(({ name, dtype }) => [name, { name, dims: stage.dims, dtype }]);
}

function streamedLoop(kernel: Kernel, passes: readonly Pass[]): string | undefined {
  const reductions = kernel.dimensions.filter((dim) => dim.kind === 'reduction' && dim.extent > 1);
  const single = reductions.filter(
    ({ name }) => passes.filter((pass) => pass.loops.includes(name)).length === 1,
  );
  const streamed = single.filter(({ name }) =>
    passes.some((pass) => pass.loops.includes(name) && pass.over.has(name)),
  );
  return reductions.length === 1 && streamed.length === 1 ? streamed[0].name : undefined;
}
