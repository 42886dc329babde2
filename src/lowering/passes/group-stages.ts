import type { Stage } from '../../kernels/ir.ts';
import { required } from '../../kernels/lookup.ts';
import { stageLoops, stageResults } from '../../kernels/walk.ts';
import { EMPTY_BODY } from '../body-graph.ts';
import type { LoopNest, LoweredKernel, MapStage } from '../lowered-kernel.ts';
import { mapsOf, mapsUnder, namesRead, partsUnder } from '../maps.ts';
import type { LoweringPolicy } from '../policy.ts';

/** Groups the stages into nests. Maps that are not kept belong to none: they are computed where they are used. */
export function groupStages(lowered: LoweredKernel, policy: LoweringPolicy): LoweredKernel {
  const kept = keptMaps(lowered, policy);
  const groups = policy.fusion === 'by level' ? byLevel(lowered, kept) : neighbours(lowered, kept);
  const recomputed = new Map([...mapsOf(lowered.kernel.stages)].filter(([name]) => !kept.has(name)));
  return { ...lowered, recomputed, nests: groups.map(nestOf) };
}

function nestOf(stages: readonly Stage[]): LoopNest {
  const over = new Set(stages.flatMap((stage) => ('over' in stage ? stage.over : [])));
  return { stages, over, loops: [], vector: '', unroll: '', laneBytes: 0, accesses: [], body: EMPTY_BODY };
}

function keptMaps({ kernel, shared }: LoweredKernel, { isKept }: LoweringPolicy): ReadonlySet<string> {
  const maps = mapsOf(kernel.stages);
  const needs = kernel.stages.filter(isWorking).map((stage) => mapsUnder(stage, maps));
  const kept = [...maps.values()].filter((map) =>
    isKept({
      map,
      users: needs.filter((names) => names.has(map.name)).length,
      hasOwnLoops: map.dims.some((dim) => !shared.includes(dim)),
    }),
  );
  return new Set(kept.map(({ name }) => name));
}

function isWorking(stage: Stage): stage is Exclude<Stage, MapStage> {
  return stage.kind !== 'map';
}

/**
 * Stages with the same loops and the same level, which is the number of reductions in sequence that must be
 * complete before them: a reduction's result is complete one level later, a map's value on its own level.
 */
function byLevel({ kernel }: LoweredKernel, kept: ReadonlySet<string>): readonly (readonly Stage[])[] {
  const available = new Map<string, number>();
  const groups = new Map<string, { level: number; stages: Stage[] }>();
  for (const stage of kernel.stages) {
    const level = Math.max(0, ...namesRead(stage).map((name) => available.get(name) ?? 0));
    for (const { name } of stageResults(stage)) available.set(name, 'over' in stage ? level + 1 : level);
    if (stage.kind === 'map' && !kept.has(stage.name)) continue;
    const key = `${level}:${stageLoops(stage).toSorted().join()}`;
    const group = groups.get(key) ?? { level, stages: [] };
    group.stages.push(stage);
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => a.level - b.level).map(({ stages }) => stages);
}

/** Runs of stages of which each can share a nest with all before it; a kept map comes just before its first user. */
function neighbours(lowered: LoweredKernel, kept: ReadonlySet<string>): readonly (readonly Stage[])[] {
  const maps = mapsOf(lowered.kernel.stages);
  const waiting = new Set(kept);
  const groups: Stage[][] = [];
  for (const user of lowered.kernel.stages.filter(isWorking)) {
    const early = [...mapsUnder(user, maps)].filter((name) => waiting.delete(name));
    for (const stage of [...early.map((name) => required(maps, name)), user]) {
      const group = groups.at(-1);
      if (group?.every((other) => canShare(other, stage, lowered, maps))) group.push(stage);
      else groups.push([stage]);
    }
  }
  return groups;
}

/** Whether a stage can be computed in the nest of an earlier one: the same loops, and no wait for its result. */
function canShare(
  first: Stage,
  second: Stage,
  { shared }: LoweredKernel,
  maps: ReadonlyMap<string, MapStage>,
): boolean {
  const own = (names: readonly string[]): readonly string[] => names.filter((name) => !shared.includes(name));
  const loops = (stage: Stage): string => own(stageLoops(stage)).toSorted().join();
  const [one, other] = [first, second].map((stage) => ('over' in stage ? stage.over.join() : ''));
  if (loops(first) !== loops(second)) return false;
  if (one !== other && one !== '' && other !== '') return false;
  // A stage without a reduction loops over the reduced dimensions as its own, which is not possible in
  // the nest of a reduction with inner dimensions.
  if (one !== other && [first, second].some((stage) => 'over' in stage && own(stage.dims).length > 0))
    return false;
  if (first.kind === 'map') return true;
  const parts = partsUnder(second, maps);
  if (first.kind === 'store')
    return !parts.some((part) => part.kind === 'load' && part.operand === first.operand);
  const results = new Set(stageResults(first).map(({ name }) => name));
  return !parts.some((part) => part.kind === 'value' && results.has(part.name));
}
